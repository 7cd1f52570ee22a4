alter table account_sync
  -- The account's enterprise: rows of accounts that have left it are deleted (FollowAccounts).
  add column enterprise_id uuid,
  -- The run that was last read completely, and the one that last reached the index: in between, the snapshot is on its way there.
  add column read_run uuid,
  add column applied_run uuid,
  -- Differences that the snapshot in the index had found and the change feed had missed.
  add column drift_snapshot uuid,
  add column drift_families int,
  add column drift_examples text[];
