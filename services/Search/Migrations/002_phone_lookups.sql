-- The last lookups of each person; of the number only its last digits.
create table phone_lookup (
  id bigint generated always as identity primary key,
  person_id uuid not null,
  at timestamptz not null,
  phone text not null,
  outcome text not null,
  milliseconds int not null
);
create index phone_lookup_person on phone_lookup (person_id, id);
