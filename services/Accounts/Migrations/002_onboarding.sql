-- How far the connection of a new account has come: it is entered by nobody before its restrictions are there.
alter table account
  add column registered_at timestamptz not null default now(),
  add column restrictions_taken_at timestamptz,
  add column tested_at timestamptz,
  add column test_steps jsonb;

-- Accounts that a person wants to see first.
create table favourite (
  user_id uuid not null,
  account_code text not null references account on delete cascade,
  primary key (user_id, account_code)
);
create index favourite_account on favourite (account_code);
