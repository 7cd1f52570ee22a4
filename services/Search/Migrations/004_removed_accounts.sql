-- When the account left the portal: data that was read before then, and arrives late, is ignored.
alter table account add column removed_at timestamptz;
