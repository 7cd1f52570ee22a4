-- Hash of the account's keys when the set was made: an account that is paired again may have lost its set, and gets it again.
alter table account_set add column pairing text;
