-- Failed attempts to sign in by password, kept for a quarter of an hour.
create table sign_in_attempt (
  account text not null references account,
  email_hash bytea not null,           -- SHA-256 of what was typed: of staff and strangers alike, and sometimes it is a password
  address text not null,               -- of the client; of an IPv6 one its network
  at timestamptz not null
);
create index sign_in_attempt_email on sign_in_attempt (account, email_hash, at);
create index sign_in_attempt_at on sign_in_attempt (at);

-- Failed passwords used to be counted per staff user, and their lock kept the portal out as well. The value that stays in locked_until is a
-- lock set by the account itself: nobody signs in or enters as that staff user until then.
update staff set locked_until = null where locked_until <> 'infinity';
alter table staff drop column failed_sign_ins;
