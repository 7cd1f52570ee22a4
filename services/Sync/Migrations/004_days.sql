-- What came of the readings of each account, by the day in its own time zone. Days older than a month are deleted with the next reading.
create table account_sync_day (
  account text not null references account_sync on delete cascade,
  day date not null,
  good int not null default 0,
  failed int not null default 0,
  families int,
  problem text,
  primary key (account, day)
);
-- All that is known of the time before.
insert into account_sync_day (account, day, good, families)
  select account, (last_sync at time zone 'UTC')::date, 1, families from account_sync where last_sync is not null;
