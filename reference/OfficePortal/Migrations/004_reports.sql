-- A report's file is stored in pieces: neither writing nor reading it holds all of it in memory.
alter table background_task drop column file_name, drop column content_type, drop column file;
alter table background_task add column about jsonb;                            -- ReportFile: columns, rows, totals
alter table background_task add column groups_above uuid[] not null default '{}'; -- of the requester's group: Admins there see the task too

create table background_task_part (
  account text not null,
  task uuid not null,
  number int not null,
  content bytea not null,
  primary key (account, task, number),
  foreign key (account, task) references background_task on delete cascade
);
-- Requested after the person's access token had expired: started when they return from the portal with a new one.
create table run_request (
  account text not null references account,
  id uuid not null,
  person_id uuid not null,
  report text not null,
  parameters jsonb not null,
  expires_at timestamptz not null,
  primary key (account, id)
);
create index background_task_open on background_task (created_at) where state in ('queued', 'running');
