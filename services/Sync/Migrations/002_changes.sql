-- Where to continue reading the account's change feed; null: it has none, or its cursor was lost and the next snapshot brings one.
alter table account_sync add column change_cursor text;
-- Also the lease: an instance moves it forward before it polls the account.
alter table account_sync add column next_poll timestamptz not null default now();
create index account_sync_poll on account_sync (next_poll) where active and change_cursor is not null;
