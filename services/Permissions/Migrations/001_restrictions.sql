-- The permissions a group has removed. Nothing here ever grants.
create table restriction (
  group_id uuid not null,
  permission text not null,
  reason text not null,
  until date,
  by_id uuid not null,
  by_name text not null,
  at timestamptz not null,
  primary key (group_id, permission)
);

create table restriction_history (
  id uuid primary key,
  group_id uuid not null,
  permission text not null,
  action text not null check (action in ('removed', 'allowed')),
  reason text not null,
  until date,
  by_name text not null,
  at timestamptz not null
);
create index restriction_history_group on restriction_history (group_id, id desc);

-- The set that every account should have, and the one it is known to have.
create table account_set (
  account text primary key,
  enterprise_id uuid not null,
  version bigint not null,
  restrictions jsonb not null,
  changed_at timestamptz not null,
  applied_version bigint not null default 0,
  applied_at timestamptz,
  problem text,
  attempts int not null default 0,
  next_try timestamptz not null
);
create index account_set_pending on account_set (next_try) where applied_version < version;
