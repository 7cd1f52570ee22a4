-- When History recorded that the restriction's last day was over in every account of its group; null again if the day changes.
alter table restriction add column ended_at timestamptz;
alter table restriction_history drop constraint restriction_history_action_check,
  add constraint restriction_history_action_check check (action in ('removed', 'allowed', 'ended'));
