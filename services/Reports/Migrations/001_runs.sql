create table report_run (
  id uuid primary key,
  report text not null,
  parameters jsonb not null,
  by_id uuid not null,
  by_name text not null,
  by_level text not null,
  group_id uuid not null,
  created_at timestamptz not null,
  deadline timestamptz not null,
  cancelled_at timestamptz,
  finished_at timestamptz
);
create index report_run_group on report_run (group_id, id desc);

create table report_run_account (
  run_id uuid not null references report_run on delete cascade,
  account text not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'ready', 'failed', 'cancelled')),
  problem text,
  task_id text,
  polls int not null default 0,
  file jsonb,
  changed_at timestamptz not null,
  primary key (run_id, account)
);
create index report_run_account_open on report_run_account (run_id) where state in ('queued', 'running');

-- Encrypted pieces in order. No part of a report is in a file that a path could reach.
create table report_file_part (
  run_id uuid not null,
  account text not null,
  number int not null,
  data bytea not null,
  primary key (run_id, account, number),
  foreign key (run_id, account) references report_run_account on delete cascade
);

create table data_protection_key (
  name text primary key,
  xml text not null
);

-- The requester's rights according to Identity's last message: a run works with the rights its requester has at that time.
create table portal_user (
  id uuid primary key,
  version bigint not null,
  level text not null,
  group_id uuid not null,
  status text not null,
  staff_email text
);

-- Pages that show a run's progress wait for this.
create function tell_run_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('run_changed', new.run_id::text);
  return null;
end $$;
create trigger run_account_changed after insert or update on report_run_account for each row execute function tell_run_changed();
