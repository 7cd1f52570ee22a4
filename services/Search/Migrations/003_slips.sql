-- "These are different names": dismissals of likely slips. They concern the names, not the accounts that have them.
create table slip_dismissal (
  id uuid primary key,
  kind text not null,
  probably text not null,
  names text[] not null,        -- in order, so that the same is the same
  group_id uuid not null,       -- for everybody of this group and below …
  person_id uuid,               -- … or only for this person
  by_name text not null,
  at timestamptz not null,
  unique nulls not distinct (kind, probably, names, group_id, person_id)
);
create index slip_dismissal_person on slip_dismissal (person_id) where person_id is not null;
