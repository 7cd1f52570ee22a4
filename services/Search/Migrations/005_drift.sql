-- The account's change feed was being followed when this snapshot was taken.
alter table snapshot add column followed boolean not null default false;

-- Families for which such a snapshot differed from the index. The feed may just be a moment behind: families that it names soon are
-- removed.
create table drift_suspect (
  account_no int not null,
  external_id text not null,
  snapshot_id uuid not null,
  what text not null check (what in ('added', 'changed', 'removed')),
  found_at timestamptz not null default clock_timestamp(),
  primary key (account_no, external_id)
);
create index drift_suspect_found on drift_suspect (found_at);
