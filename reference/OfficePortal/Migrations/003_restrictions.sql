-- The permissions the enterprise has removed in an account, as delivered by the portal: the whole set, never a difference.
create table restriction_set (
  account text primary key references account,
  version bigint not null,
  restrictions jsonb not null,         -- [{permission, groups: [{name, reason, until}]}], groups from the root down
  received_at timestamptz not null
);

-- Local grants with their source. Full permissions have no rows here: they include everything, even permissions added to the catalogue
-- later.
create view staff_grant as
  select mine.account, mine.staff, unnest(user_group.permissions) as permission, 'user group ' || user_group.name as granted_by
  from staff_user_group mine join user_group on user_group.account = mine.account and user_group.name = mine.user_group
  union all
  select account, staff, permission, 'own permission' from staff_permission;
