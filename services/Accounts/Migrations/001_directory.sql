create extension if not exists unaccent;

create table enterprise (
  id uuid primary key,
  name text not null unique,
  -- Every change of the directory takes the next number, and with it a lock on this row: changes of one enterprise are serialized.
  version bigint not null default 0
);

create table portal_group (
  id uuid primary key,
  enterprise_id uuid not null references enterprise,
  parent_id uuid references portal_group,
  name text not null,
  active boolean not null default false,
  user_email text,
  admin_email text,
  -- The root is the enterprise.
  check ((parent_id is null) = (id = enterprise_id)),
  unique (id, parent_id)
);
create unique index portal_group_name on portal_group (enterprise_id, lower(name));

create table account (
  code text primary key check (code ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  enterprise_id uuid not null references enterprise,
  name text not null,
  owner text not null,
  contact_name text not null,
  contact_email text not null,
  contact_phone text not null,
  locations jsonb not null,
  time_zone text not null,
  country text not null,
  base_url text not null,
  status text not null check (status in ('onboarding', 'active', 'suspended')),
  client_keys text not null,
  last_sync timestamptz
);
create unique index account_base_url on account (lower(base_url));

-- A subgroup's accounts are a subset of its parent's: an account is in a group only while it is in the group above,
-- and leaves everything below together with it.
create table group_account (
  group_id uuid not null references portal_group,
  account_code text not null references account,
  parent_id uuid,
  primary key (group_id, account_code),
  foreign key (group_id, parent_id) references portal_group (id, parent_id) on update cascade,
  foreign key (parent_id, account_code) references group_account (group_id, account_code) on delete cascade
);
create index group_account_below on group_account (parent_id, account_code);

-- An account's last answer about a login-as staff user.
create table entry_check (
  account_code text not null references account,
  staff_email text not null,
  problem_as_user text,
  problem_as_admin text,
  reachable boolean not null,
  checked_at timestamptz not null,
  primary key (account_code, staff_email)
);

-- Users who enter accounts as a staff user of their own, from Identity's UserChanged.
create table own_staff_email (
  user_id uuid primary key,
  version bigint not null,
  group_id uuid not null,
  staff_email text
);

-- An imported file is not imported again: that would undo what Admins changed since.
create table imported_file (
  sha256 text primary key,
  enterprise_id uuid not null references enterprise,
  at timestamptz not null
);
