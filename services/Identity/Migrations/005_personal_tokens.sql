-- A secret that a program (Power BI) sends instead of a person. Only a hash is stored: 256 random bits need no slow one.
create table personal_token (
  id uuid primary key,
  user_id uuid not null references portal_user,
  name text not null,
  scopes text[] not null,
  secret_hash bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  last_used_ip text,
  revoked_at timestamptz,
  -- The sid of the access tokens it is exchanged for. A change of its owner ends this sid and begins another.
  sid uuid not null
);
create index personal_token_user on personal_token (user_id, created_at desc);
