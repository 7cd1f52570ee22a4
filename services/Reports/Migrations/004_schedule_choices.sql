alter table report_schedule add column for_group_id uuid;                    -- whose accounts; group_id is its owner's
update report_schedule set for_group_id = group_id;
alter table report_schedule alter column for_group_id set not null;
alter table report_schedule add column day int not null default 1;          -- 1 (Monday) to 7, or 1 to 28 of the month
alter table report_schedule add column covers text not null default 'last-month';
update report_schedule set covers = case when report = 'FIN-1' then 'day-before' when every = 'week' then 'last-week' else 'last-month' end;
alter table report_schedule alter column day drop default, alter column covers drop default;
alter table report_schedule add column paused_at timestamptz;
alter table report_schedule add column last_run_id uuid;
alter table report_schedule add column last_run_at timestamptz;
drop index report_schedule_due;
create index report_schedule_due on report_schedule (next_run) where paused_at is null;
create index report_schedule_group on report_schedule (group_id);
