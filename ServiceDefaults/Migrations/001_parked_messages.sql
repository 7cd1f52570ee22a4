-- Messages that failed their retries or cannot be read (KeepParked, OutboxRelay), until an operator sends them back or discards them.
create table parked_message (
  id uuid primary key default gen_random_uuid(),
  -- Where it failed, and where it goes back to; 'outbox': it never left.
  queue text not null,
  message_id uuid not null,
  type text not null,
  reason text not null,
  failed_at timestamptz not null,
  content_type text,
  headers jsonb not null default '{}',
  body bytea not null,
  unique (queue, message_id)
);
create index parked_message_failed on parked_message (failed_at, id);
