-- From the account's file, once ready; every look at a run reads it.
alter table report_run_account add column sections jsonb; -- {"Drops": 25, "Transfers": 18}
alter table report_run_account add column unknown jsonb;  -- [{"filter": "program", "name": "Swim Lesons"}]: asked for, and not known there
