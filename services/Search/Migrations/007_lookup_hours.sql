-- How many lookups there were in each hour, and how long they took: kept for two weeks. No numbers.
create table phone_lookup_hour (
  person_id uuid not null,
  group_id uuid not null,
  hour timestamptz not null,
  lookups int not null,
  milliseconds bigint not null,
  slowest int not null,
  primary key (person_id, group_id, hour)
);
create index phone_lookup_hour_group on phone_lookup_hour (group_id, hour);
