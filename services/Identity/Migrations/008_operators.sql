-- People who run the portal have rows too: for their pinned identity and their sessions. They belong to no enterprise (OperatorRole).
alter table portal_user drop constraint portal_user_level_check;
alter table portal_user add constraint portal_user_level_check check (level in ('admin', 'user', 'operator'));
