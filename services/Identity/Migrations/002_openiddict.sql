create table server_key (
  purpose text primary key,
  protected bytea not null
);

create table data_protection_key (
  name text primary key,
  xml text not null
);

-- OpenIddict 7.8's tables, from EF Core's create script of IdentityDb, with plain PostgreSQL types; deleting an application also deletes
-- its authorizations and tokens.
create table oauth_application (
  id text primary key,
  application_type text,
  client_id text,
  client_secret text,
  client_type text,
  concurrency_token text,
  consent_type text,
  display_name text,
  display_names text,
  json_web_key_set text,
  permissions text,
  post_logout_redirect_uris text,
  properties text,
  redirect_uris text,
  requirements text,
  settings text
);
create unique index oauth_application_client_id on oauth_application (client_id);

create table oauth_scope (
  id text primary key,
  concurrency_token text,
  description text,
  descriptions text,
  display_name text,
  display_names text,
  name text,
  properties text,
  resources text
);
create unique index oauth_scope_name on oauth_scope (name);

create table oauth_authorization (
  id text primary key,
  application_id text references oauth_application on delete cascade,
  concurrency_token text,
  creation_date timestamptz,
  properties text,
  scopes text,
  status text,
  subject text,
  type text
);
create index oauth_authorization_application on oauth_authorization (application_id, status, subject, type);

create table oauth_token (
  id text primary key,
  application_id text references oauth_application on delete cascade,
  authorization_id text references oauth_authorization on delete cascade,
  concurrency_token text,
  creation_date timestamptz,
  expiration_date timestamptz,
  payload text,
  properties text,
  redemption_date timestamptz,
  reference_id text,
  status text,
  subject text,
  type text
);
create index oauth_token_application on oauth_token (application_id, status, subject, type);
create index oauth_token_authorization on oauth_token (authorization_id);
create unique index oauth_token_reference_id on oauth_token (reference_id);
