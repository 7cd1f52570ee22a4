-- How an enterprise shows itself in the portal.
create table brand (
  enterprise_id uuid primary key references enterprise,
  name text,
  accent text check (accent ~ '^#[0-9a-f]{6}$'),
  -- Another logo has another id: browsers keep each for good.
  logo_id uuid unique,
  logo_type text,
  logo bytea,
  check ((logo_id is null) = (logo is null) and (logo_id is null) = (logo_type is null))
);
