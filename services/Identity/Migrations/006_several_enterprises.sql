-- A person may belong to several enterprises, with a row in each.
-- A person known to one enterprise must not show in another, so both are unique only within one.
drop index portal_user_email;
drop index portal_user_identity;
create unique index portal_user_email on portal_user (email, enterprise_id) where status <> 'deleted';
create unique index portal_user_identity on portal_user (issuer, subject, enterprise_id) where status <> 'deleted';
