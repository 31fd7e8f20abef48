-- What only the anomaly job itself and its operators need.
create schema anomaly;

-- What people were told of, so that nobody is told twice: WAITING, CLAIMED, DONE or UNCERTAIN.
create table anomaly.notifications (channel text not null, notification text not null, state text not null, claimant text not null,
  updated_at timestamptz not null default now(), primary key (channel, notification));

-- Alerts of rules in the state SHADOW: as alerts.alerts, for the operator alone.
create table anomaly.shadow_alerts (alert_id text primary key, rule_id text not null, rule_version int not null, severity text not null, status text not null, entity_type text not null, entity_id text not null,
  window_start timestamptz, observed double precision, usual double precision, threshold double precision, message text not null, opened_at timestamptz not null, updated_at timestamptz not null,
  resolved_at timestamptz);
