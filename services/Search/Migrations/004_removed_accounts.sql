-- When the account left the portal: what was read of it before then, and comes late, is not taken.
alter table account add column removed_at timestamptz;
