-- The name that the enterprise has chosen to show, on the bar of who came via its portal.
alter table session add column enterprise_name text;
