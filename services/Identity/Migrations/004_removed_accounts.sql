-- Where the account was when it was entered: it is told that the session has ended also when it has left the directory.
alter table account_session add base_url text;
