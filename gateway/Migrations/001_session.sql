-- A signed-in browser. The cookie holds the key, here is only its hash; the ticket with its tokens is protected by data protection.
create table session (
  key_hash bytea primary key,
  sid text not null,
  person_id uuid not null,
  ticket bytea not null,
  expires_at timestamptz not null
);
create index session_sid on session (sid);
create index session_expires on session (expires_at);

create table data_protection_key (
  name text primary key,
  xml text not null
);
