-- The tables that the jobs write and that users read. Types, keys and indexes are a contract.
create schema realtime;
create schema attribution;
create schema budget;
create schema quality;
create schema alerts;

create table realtime.metrics_1min (
  entity_type text not null, entity_id text not null, window_start timestamptz not null, window_end timestamptz not null,
  campaign_id text, advertiser_id text, category text,
  impressions bigint not null, clicks bigint not null, conversions bigint not null,
  total_cost numeric(20,6) not null, total_revenue numeric(20,6) not null,
  ctr numeric(20,6) not null, cvr numeric(20,6) not null, cpc numeric(20,6) not null,
  revision int not null, updated_at timestamptz not null default now(),
  primary key (entity_type, entity_id, window_start));
create index on realtime.metrics_1min (entity_type, window_start);
create index on realtime.metrics_1min (advertiser_id, window_start);

create table realtime.metrics_5min (
  entity_type text not null, entity_id text not null, window_start timestamptz not null, window_end timestamptz not null,
  campaign_id text, advertiser_id text, category text,
  impressions bigint not null, clicks bigint not null, conversions bigint not null,
  total_cost numeric(20,6) not null, total_revenue numeric(20,6) not null,
  ctr numeric(20,6) not null, cvr numeric(20,6) not null, cpc numeric(20,6) not null,
  revision int not null, updated_at timestamptz not null default now(),
  primary key (entity_type, entity_id, window_start));
create index on realtime.metrics_5min (entity_type, window_start);
create index on realtime.metrics_5min (advertiser_id, window_start);

create table realtime.metrics_1hour (
  entity_type text not null, entity_id text not null, window_start timestamptz not null, window_end timestamptz not null,
  campaign_id text, advertiser_id text, category text,
  impressions bigint not null, clicks bigint not null, conversions bigint not null,
  total_cost numeric(20,6) not null, total_revenue numeric(20,6) not null,
  ctr numeric(20,6) not null, cvr numeric(20,6) not null, cpc numeric(20,6) not null,
  revision int not null, updated_at timestamptz not null default now(),
  primary key (entity_type, entity_id, window_start));
create index on realtime.metrics_1hour (entity_type, window_start);
create index on realtime.metrics_1hour (advertiser_id, window_start);

-- One partition per UTC day, made by the metrics job when the first event of the day comes.
create table realtime.raw_events (
  event_day date not null, event_id text not null, event_type text not null, event_time timestamptz not null,
  ad_id text, campaign_id text, advertiser_id text, user_id text, device_id text, session_id text, ip text, category text,
  actual_price numeric(20,6), conversion_value numeric(20,6), payload jsonb, kafka_partition int, kafka_offset bigint,
  primary key (event_day, event_id)) partition by range (event_day);
create index on realtime.raw_events using brin (event_time);

create table realtime.progress (job text primary key, watermark timestamptz, final_before timestamptz, updated_at timestamptz not null);
create table realtime.ingest_1min (job text, topic text, minute timestamptz, received bigint, valid bigint, duplicate bigint, late bigint, rejected bigint,
  by_code jsonb, primary key (job, topic, minute));

create table attribution.conversions (
  conversion_id text primary key, revision int not null, status text not null, reason text, match text, click_id text, ad_id text, campaign_id text,
  advertiser_id text, click_time timestamptz, conversion_time timestamptz not null, lag_ms bigint, value numeric(20,6) not null, touches int not null,
  updated_at timestamptz not null default now());
create table attribution.credits (
  conversion_id text, model text, click_id text, ad_id text, campaign_id text, advertiser_id text, credit_millionths int not null, value numeric(20,6) not null,
  primary key (conversion_id, model, click_id));

create table budget.campaigns (
  campaign_id text primary key, advertiser_id text not null, daily_budget numeric(20,6), currency text not null default 'USD', time_zone text not null default 'UTC',
  status text not null default 'ACTIVE', pause_cause text, updated_at timestamptz not null default now());
create table budget.spend_10min (campaign_id text, window_start timestamptz, clicks bigint not null, cost numeric(20,6) not null, primary key (campaign_id, window_start));
create table budget.daily_spend (campaign_id text, budget_date date, spent numeric(20,6) not null, clicks bigint not null, updated_at timestamptz not null default now(),
  primary key (campaign_id, budget_date));
create table budget.sync_audit (campaign_id text, budget_date date, cut timestamptz, counter numeric(20,6), deduction numeric(20,6), drift numeric(20,6), action text not null,
  correction numeric(20,6), at timestamptz not null, primary key (campaign_id, budget_date, cut));

create table quality.scores (ad_id text primary key, score numeric(8,4) not null, base_score double precision not null, raw double precision not null, category text,
  category_rank int, category_size int, revision int not null, updated_at timestamptz not null);
create table alerts.alerts (alert_id text primary key, rule_id text not null, rule_version int not null, severity text not null, status text not null, entity_type text not null, entity_id text not null,
  window_start timestamptz, observed double precision, usual double precision, threshold double precision, message text not null, opened_at timestamptz not null, updated_at timestamptz not null,
  resolved_at timestamptz);
