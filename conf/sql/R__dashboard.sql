-- What the dashboard needs: a role that may read what the page shows and nothing else, and indexes for its questions. Whoever
-- connects is a login of its own in this role: create role adstream_dashboard login password '…' in role adstream_dashboard_reader.
-- This file is run again whenever it changes, after the numbered ones.
do $$
begin
  if not exists (select from pg_roles where rolname = 'adstream_dashboard_reader') then
    create role adstream_dashboard_reader nologin;
  end if;
exception
  -- Roles belong to the server: another database's migration may be as far.
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise notice 'the role adstream_dashboard_reader has to be made by somebody who may make roles, and this file run again';
end $$;

do $$
begin
  if exists (select from pg_roles where rolname = 'adstream_dashboard_reader') then
    grant usage on schema realtime, attribution, budget, quality, alerts to adstream_dashboard_reader;
    grant select on realtime.metrics_1min, realtime.metrics_5min, realtime.metrics_1hour, realtime.progress, realtime.ingest_1min,
      attribution.conversions, attribution.credits,
      budget.campaigns, budget.spend_10min, budget.daily_spend, budget.sync_audit,
      quality.scores, alerts.alerts to adstream_dashboard_reader;
  end if;
end $$;

create index if not exists alerts_by_update on alerts.alerts (updated_at);
create index if not exists alerts_that_are_open on alerts.alerts (updated_at) where resolved_at is null;
create index if not exists conversions_by_time on attribution.conversions (conversion_time);
