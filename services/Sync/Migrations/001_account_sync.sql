create table account_sync (
  account text primary key,
  host text not null,
  active boolean not null,
  next_run timestamptz not null,
  requested_at timestamptz,
  -- The latest reading. Until the lease expires nobody else reads this account; a process that dies stops renewing it.
  run uuid,
  run_started timestamptz,
  rejected_run uuid,
  lease_until timestamptz,
  duration interval,
  failures int not null default 0,
  problem text,
  -- The latest snapshot that reached the index. last_sync is when its reading began, by our clock: the data is no older.
  last_sync timestamptz,
  taken_at timestamptz,
  families int,
  added int,
  changed int,
  removed int
);
create index account_sync_due on account_sync (next_run) where active;
