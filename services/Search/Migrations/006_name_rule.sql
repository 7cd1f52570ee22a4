-- The rule (NameTokens.Rule) by which the words and keys of a family's guardians were made. Rows of an earlier rule are renewed
-- (RenewNames), including rows that a replica of the previous version still writes: it does not know this column.
alter table family add column name_rule smallint not null default 1;
create index family_former_rule on family (account_no) where name_rule < 2;
