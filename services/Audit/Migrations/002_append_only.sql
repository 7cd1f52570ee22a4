-- A head is signed with a key that this database does not know (SigningKey).
alter table chain_head add at timestamptz, add signature text;

-- The person of a name or an e-mail, current or former. Only for finding; the log has the names of the time.
create table actor (
  enterprise_id uuid not null,
  person_id uuid not null,
  name text not null,
  email text not null,
  primary key (enterprise_id, person_id, name, email)
);
insert into actor select distinct enterprise_id, person_id, person, person_email from activity where person_id is not null;

-- How far each account's own log has been read. Portal users may be inside until open_until.
create table account_feed (
  account text primary key,
  cursor text,
  open_until timestamptz not null,
  next_pull timestamptz not null,
  failures int not null default 0,
  problem text
);
create index account_feed_due on account_feed (next_pull);
insert into account_feed (account, open_until, next_pull)
  select account, max(at) + interval '12 hours', max(at)
  from activity
  where action = 'account.entered' and account is not null
  group by account;

-- account.entered is of the kind account.
create index activity_of_kind on activity (enterprise_id, split_part(action, '.', 1), at desc, id desc);

create extension if not exists pg_trgm;
create function words(subject text, person text, email text, details json) returns text language sql immutable parallel safe
  return lower(subject || ' ' || person || ' ' || email || ' ' || coalesce(details::text, ''));
create index activity_words on activity using gin (words(subject, person, person_email, details) gin_trgm_ops);

-- The service may insert, but neither create nor drop a table. These functions do it with the owner's rights, and no more than it needs.
drop function make_month;
create function make_month(moment timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  first_day timestamptz := date_trunc('month', moment, 'UTC');
  name text := 'activity_' || to_char(first_day at time zone 'UTC', 'YYYY_MM');
begin
  if to_regclass('public.' || name) is not null then
    return;
  end if;
  -- Replicas that need the same new month take turns.
  perform pg_advisory_xact_lock(hashtext('make_month'));
  execute format('create table if not exists public.%I partition of public.activity for values from (%L) to (%L)',
    name, first_day, date_trunc('month', first_day + interval '32 days', 'UTC'));
end $$;

-- Whatever the service asks for: no month younger than two years.
create function old_month(month date) returns text language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
  if date_trunc('month', month) + interval '25 months' > now() at time zone 'UTC' then
    raise exception 'The log of % is younger than two years.', to_char(month, 'YYYY-MM') using errcode = 'insufficient_privilege';
  end if;
  return 'activity_' || to_char(month, 'YYYY_MM');
end $$;

-- Nothing can join the month during its export; it can still be read.
create function hold_month(month date) returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  execute format('lock table public.%I in share mode', public.old_month(month));
end $$;

create function drop_month(month date) returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  execute format('drop table public.%I', public.old_month(month));
end $$;

revoke execute on function make_month, old_month, hold_month, drop_month from public;
