-- The provider's refresh token, encrypted by data protection: each session is confirmed again with it (ConfirmSessions).
alter table portal_user add provider_token text;
create index portal_user_admins on portal_user (enterprise_id) where level = 'admin' and status = 'active';

alter table session add confirm_due_at timestamptz not null default now() + interval '1 hour';
create index session_confirm on session (confirm_due_at) where ended_at is null;

-- The login-as staff user of the entry; null: an entry from before this column.
alter table account_session add login_as text;

create table mail (
  id uuid primary key,
  recipient text not null,
  subject text not null,
  text text not null,
  due_at timestamptz not null,
  attempts int not null default 0,
  sent_at timestamptz
);
create index mail_due on mail (due_at) where sent_at is null;
create index mail_sent on mail (sent_at);

-- Accounts may ask for runs:start now: the next directory, which every start asks for, registers them again.
delete from account_client;
delete from directory_version;
