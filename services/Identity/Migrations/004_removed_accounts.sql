-- The account's address at the entry: it is told that the session has ended even after it has left the directory.
alter table account_session add base_url text;
