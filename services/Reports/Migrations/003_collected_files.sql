-- The description of a collected file (columns, totals), apart from its account's state, which every look at a run reads.
create table report_file (
  run_id uuid not null,
  account text not null,
  about jsonb not null,
  primary key (run_id, account),
  foreign key (run_id, account) references report_run_account on delete cascade
);
create index report_file_of_account on report_file (account);
insert into report_file select run_id, account, file from report_run_account where file is not null;
alter table report_run_account add column rows int;
update report_run_account set rows = (file->>'rows')::int where file is not null;
alter table report_run_account drop column file;

-- A report written before its family was erased, but collected after, loses the family as well.
create table erased_family (
  account text not null,
  family_id text not null,
  erased_at timestamptz not null,
  primary key (account, family_id)
);

create index report_run_unfinished on report_run (deadline) where finished_at is null;

-- Also when a run has just finished: its accounts changed for the last time before that.
create function tell_run_finished() returns trigger language plpgsql as $$
begin
  perform pg_notify('run_changed', new.id::text);
  return null;
end $$;
create trigger run_finished after update of finished_at on report_run for each row execute function tell_run_finished();
