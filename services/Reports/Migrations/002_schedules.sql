create table report_schedule (
  id uuid primary key,
  report text not null,
  parameters jsonb not null,
  every text not null check (every in ('week', 'month')),
  time_zone text not null,
  by_id uuid not null,
  by_name text not null,
  by_email text not null,
  by_level text not null,
  group_id uuid not null,
  next_run timestamptz not null,
  problem text
);
create index report_schedule_due on report_schedule (next_run);

-- Whom to tell when the run is finished; null: nobody asked for it.
alter table report_run add column mail_to text;
