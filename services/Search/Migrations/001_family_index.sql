-- The index of families (docs/adr/0006): plain B-trees whose order answers every search. collate "C" makes a prefix a range.

-- A number never changes: searches pass the reach as bits, one per account.
create table account (
  account_no int generated always as identity primary key,
  code text not null unique,
  snapshot_taken_at timestamptz,
  changes_taken_at timestamptz
);

create sequence family_ids as int;
create table family (
  family_id int primary key,
  account_no int not null,
  external_id text not null,
  hash bigint not null,
  words text[] not null,      -- one entry per guardian, each word after a space: ' mary ann smith'
  guardians text[] not null,
  emails text[] not null,
  phones text[] not null,
  active boolean not null,
  unique (account_no, external_id)
);

-- One row per guardian and ordered pair of their words: (sm ma, smith mary ann), (sm an, smith mary ann), (ma an, mary ann smith) …
create table name_key (
  pair text collate "C" not null,
  key text collate "C" not null,
  family_id int not null,
  account_no int not null,
  dup boolean not null        -- another row of this family already begins with the same word
);
create index name_key_word on name_key (key, account_no, family_id) where not dup;
create index name_key_pair on name_key (pair, key, account_no, family_id);
create index name_key_account on name_key (account_no, key, family_id, dup);
create index name_key_family on name_key (family_id);

create table email (
  email text collate "C" not null,
  family_id int not null,
  account_no int not null
);
create index email_prefix on email (email, account_no, family_id);
create index email_family on email (family_id);

-- E.164 digits reversed, so that "the last seven digits" is a prefix.
create table phone (
  reversed text collate "C" not null,
  family_id int not null,
  account_no int not null
);
create index phone_ending on phone (reversed, account_no, family_id);
create index phone_family on phone (family_id);

-- Names that must agree between accounts: levels, programs, charge categories. Compared exactly.
create table account_name (
  account_no int not null,
  kind text not null,
  name text not null,
  uses int not null,
  primary key (kind, name, account_no)
);
create index account_name_account on account_name (account_no);

-- The change feed's last statement about a family, so that a slower, older snapshot does not restore an earlier state. Deleted with the
-- next newer snapshot.
create table family_change (
  account_no int not null,
  external_id text not null,
  taken_at timestamptz not null,
  primary key (account_no, external_id)
);

-- Chunks of snapshots until these are complete. A repeated chunk meets the primary key.
create table snapshot_chunk (
  snapshot_id uuid not null,
  number int not null,
  account text not null,
  ids text[] not null,
  hashes bigint[] not null,
  bodies bytea[] not null,    -- JSON of AccountFamily
  kinds text[] not null,
  names text[] not null,
  uses int[] not null,
  received_at timestamptz not null default now(),
  primary key (snapshot_id, number)
);
alter table snapshot_chunk alter column bodies set storage external;
create index snapshot_chunk_account on snapshot_chunk (account);

-- Whether a snapshot was read completely, and its outcome. Kept a while, so that a late or repeated chunk finds the snapshot closed.
create table snapshot (
  snapshot_id uuid primary key,
  account text not null,
  state text not null check (state in ('complete', 'applied', 'rejected', 'failed')),
  taken_at timestamptz,
  chunks int,
  families int,
  names int,
  at timestamptz not null default now()
);
create index snapshot_at on snapshot (at);
