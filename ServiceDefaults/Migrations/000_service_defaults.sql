-- Tables that ServiceDefaults keeps in every service's database.
create table outbox (
  id uuid primary key,
  type text not null,
  body jsonb not null,
  trace_parent text,
  due_at timestamptz not null default now()
);
create index outbox_due on outbox (due_at, id);
create function wake_outbox_relay() returns trigger language plpgsql as $$ begin notify outbox; return null; end $$;
create trigger outbox_added after insert on outbox for each statement execute function wake_outbox_relay();

create table inbox (
  message_id uuid not null,
  consumer text not null,
  received_at timestamptz not null default now(),
  primary key (message_id, consumer)
);
create index inbox_received on inbox (received_at);

create table directory (
  enterprise_id uuid primary key,
  version bigint not null,
  state jsonb not null
);

create table identity_keys (
  one boolean primary key default true check (one),
  keys text not null
);

create table revoked_session (
  session text primary key,
  at timestamptz not null
);
