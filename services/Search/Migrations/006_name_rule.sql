-- By which rule (NameTokens.Rule) the words and keys of a family's guardians were made. Those of a former one are made again (RenewNames),
-- also what a replica of the version before still writes meanwhile: it does not know this column.
alter table family add column name_rule smallint not null default 1;
create index family_former_rule on family (account_no) where name_rule < 2;
