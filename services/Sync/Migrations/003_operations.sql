alter table account_sync
  -- Whose account it is: rows of accounts that have left their enterprise go (FollowAccounts).
  add column enterprise_id uuid,
  -- The run that was last read to its end, and the one that last reached the index: between the two it is on its way there.
  add column read_run uuid,
  add column applied_run uuid,
  -- What the snapshot in the index found that the change feed had lost.
  add column drift_snapshot uuid,
  add column drift_families int,
  add column drift_examples text[];
