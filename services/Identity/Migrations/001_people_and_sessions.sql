create table enterprise (
  id uuid primary key,
  name text not null,
  microsoft_tenants text[] not null
);

create table portal_user (
  id uuid primary key,
  enterprise_id uuid not null,
  group_id uuid not null,
  email text not null check (email = lower(email)),
  name text not null,
  level text not null check (level in ('admin', 'user')),
  status text not null check (status in ('invited', 'active', 'suspended', 'deleted')),
  staff_email text,
  provider text not null check (provider in ('google', 'microsoft')),
  issuer text,
  subject text,
  version bigint not null,
  last_sign_in timestamptz,
  check ((issuer is null) = (subject is null))
);
-- A deleted person's address may be invited again; that makes a new row, and the person who signs in with it a new identity.
create unique index portal_user_email on portal_user (email) where status <> 'deleted';
create unique index portal_user_identity on portal_user (issuer, subject) where status <> 'deleted';
create index portal_user_group on portal_user (group_id);

create table session (
  id uuid primary key,
  user_id uuid not null references portal_user,
  provider text not null,
  device text not null,
  ip text,
  started_at timestamptz not null,
  last_seen_at timestamptz not null,
  ended_at timestamptz
);
create index session_person on session (user_id, started_at desc);

create table account_session (
  session_id uuid not null references session,
  account text not null,
  entered_at timestamptz not null,
  logout_due_at timestamptz,
  logout_attempts int not null,
  ended_at timestamptz,
  primary key (session_id, account)
);
create index account_session_due on account_session (logout_due_at) where ended_at is null and logout_due_at is not null;
create index account_session_account on account_session (account) where ended_at is null;
create function wake_account_logout() returns trigger language plpgsql as $$ begin notify account_logout; return null; end $$;
create trigger account_logout_due after update of logout_due_at on account_session
  for each row when (old.logout_due_at is null and new.logout_due_at is not null) execute function wake_account_logout();

create table account_client (
  account text primary key,
  enterprise_id uuid not null,
  base_url text not null,
  keys text not null
);
create table directory_version (
  enterprise_id uuid primary key,
  version bigint not null
);
