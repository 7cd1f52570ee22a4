-- Hash of the account's keys when the set was made: one that was paired anew may have begun from nothing, and gets its set again.
alter table account_set add column pairing text;
