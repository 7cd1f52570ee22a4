-- Partitioned by month, so that retention drops whole months and a page reads only a few of them.
create table activity (
  id uuid not null,
  at timestamptz not null,
  enterprise_id uuid not null,
  person_id uuid,
  person text not null,
  person_email text not null,
  level text not null,
  group_id uuid not null,
  action text not null,
  subject text not null,
  account text,
  source text not null,
  ip text,
  -- json, not jsonb: stored byte for byte, since the chain covers the original text.
  details json,
  -- Place in the enterprise's chain, from 1, without gaps; each hash covers the entry and the hash before it.
  seq bigint not null,
  hash bytea not null,
  -- The partition key must be part of it. A repeated message repeats its time too.
  primary key (id, at)
) partition by range (at);

create index activity_newest on activity (enterprise_id, at desc, id desc);
create index activity_of_group on activity (group_id, at desc, id desc);
create index activity_of_person on activity (person_id, at desc, id desc);
create index activity_by_action on activity (enterprise_id, action, at desc, id desc);
create index activity_in_account on activity (account, at desc, id desc) where account is not null;
create unique index activity_chain on activity (enterprise_id, seq, at);

create table chain_head (
  enterprise_id uuid primary key,
  seq bigint not null,
  hash bytea not null
);

create function make_month(moment timestamptz) returns void language plpgsql as $$
declare
  first_day timestamptz := date_trunc('month', moment, 'UTC');
  name text := 'activity_' || to_char(first_day at time zone 'UTC', 'YYYY_MM');
begin
  if to_regclass(name) is not null then
    return;
  end if;
  -- Replicas that need the same new month take turns.
  perform pg_advisory_xact_lock(hashtext('make_month'));
  execute format('create table if not exists %I partition of activity for values from (%L) to (%L)',
    name, first_day, date_trunc('month', first_day + interval '32 days', 'UTC'));
end $$;
