-- A group of the enterprise whose name and color the mail has.
alter table mail add column group_id uuid;
