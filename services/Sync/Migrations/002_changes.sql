-- Where following the account's change feed continues; null: it offers none, or its cursor was lost and the next snapshot brings one.
alter table account_sync add column change_cursor text;
-- Also the lease: whoever takes an account's turn moves it on first.
alter table account_sync add column next_poll timestamptz not null default now();
create index account_sync_poll on account_sync (next_poll) where active and change_cursor is not null;
