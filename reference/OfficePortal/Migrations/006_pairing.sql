-- The code that paired, until the portal has shown that it received the answer: a repeated request with it gets the same answer.
alter table account add column paired_code_hash bytea, add column paired_code_until timestamptz;
