-- How far a new account is connected: nobody enters it before its restrictions are there.
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

-- Answers of an account are deleted with it, including an answer that arrives during its removal.
alter table entry_check drop constraint entry_check_account_code_fkey, add foreign key (account_code) references account on delete cascade;
