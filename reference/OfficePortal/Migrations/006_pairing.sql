-- The code that paired, until the portal has shown that it got the answer: asked again with it, the account answers the same once more.
alter table account add column paired_code_hash bytea, add column paired_code_until timestamptz;
