-- Accounts whose figures are here, for Trends: from the headers of their snapshots.
create table account_figures (
  account text primary key,
  -- Of the newest snapshot; figures of an older one are ignored.
  taken_at timestamptz not null,
  -- False: the account sends none, and its families were counted.
  is_sent boolean not null
);
-- What each day came to, in the account's time zone; null where the account does not say.
create table account_day (
  account text not null references account_figures on delete cascade,
  day date not null,
  families int,
  active_enrollments int,
  new_enrollments int,
  drops int,
  deposits numeric(12,2),
  primary key (account, day)
);
