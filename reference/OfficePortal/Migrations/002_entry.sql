-- One attempt to enter via the portal: used once, within ten minutes, by the browser that began it.
create table entry_attempt (
  account text not null references account,
  state_hash bytea not null,
  browser_hash bytea not null,
  nonce text not null,
  verifier text not null,
  target text not null,
  expires_at timestamptz not null,
  primary key (account, state_hash)
);
create index entry_attempt_expired on entry_attempt (expires_at);

-- Logout tokens already processed; a repeated one ends nothing that began after it.
create table logout_token (
  account text not null references account,
  jti text not null,
  at timestamptz not null,
  primary key (account, jti)
);
