package io.adstream.common.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tables that users read: their columns, keys and indexes are a contract. */
@ExtendWith(ServicesExtension.class)
class MigrationsITCase {

    private static final String METRICS =
            "entity_type text!, entity_id text!, window_start timestamptz!, window_end timestamptz!,"
                    + " campaign_id text, advertiser_id text, category text, impressions int8!,"
                    + " clicks int8!, conversions int8!, total_cost numeric(20,6)!,"
                    + " total_revenue numeric(20,6)!, ctr numeric(20,6)!, cvr numeric(20,6)!,"
                    + " cpc numeric(20,6)!, revision int4!, updated_at timestamptz!";

    @Test
    void metricsTables(TestDatabase database) {
        for (String table : new String[] {"metrics_1min", "metrics_5min", "metrics_1hour"}) {
            assertThat(columns(database, "realtime", table)).as(table).isEqualTo(METRICS);
            assertThat(indexes(database, "realtime", table))
                    .as(table)
                    .isEqualTo(
                            "(advertiser_id, window_start); (entity_type, entity_id, window_start);"
                                    + " (entity_type, window_start)");
        }
    }

    @Test
    void rawEventsIsPartitionedByDayAndHasNoPartitionYet(TestDatabase database) {
        assertThat(columns(database, "realtime", "raw_events"))
                .isEqualTo(
                        "event_day date!, event_id text!, event_type text!, event_time timestamptz!,"
                                + " ad_id text, campaign_id text, advertiser_id text, user_id text,"
                                + " device_id text, session_id text, ip text, category text,"
                                + " actual_price numeric(20,6), conversion_value numeric(20,6),"
                                + " payload jsonb, kafka_partition int4, kafka_offset int8");
        assertThat(indexes(database, "realtime", "raw_events"))
                .isEqualTo("(event_day, event_id); (event_time)");
        assertThat(
                        database.queryLong(
                                "select count(*) from pg_inherits where inhparent ="
                                        + " 'realtime.raw_events'::regclass"))
                .isZero();
    }

    @Test
    void tablesOfTheOtherJobs(TestDatabase database) {
        assertThat(
                        database.query(
                                "select string_agg(table_schema || '.' || table_name, ' ' order by"
                                        + " table_schema, table_name) from"
                                        + " information_schema.tables where table_schema in"
                                        + " ('realtime', 'attribution', 'budget', 'quality',"
                                        + " 'alerts')"))
                .first()
                .extracting("string_agg")
                .isEqualTo(
                        "alerts.alerts attribution.conversions attribution.credits"
                                + " budget.campaigns budget.daily_spend budget.spend_10min"
                                + " budget.sync_audit quality.scores realtime.ingest_1min"
                                + " realtime.metrics_1hour realtime.metrics_1min"
                                + " realtime.metrics_5min realtime.progress realtime.raw_events");
        assertThat(columns(database, "realtime", "progress"))
                .isEqualTo(
                        "job text!, watermark timestamptz, final_before timestamptz,"
                                + " updated_at timestamptz!");
        assertThat(columns(database, "realtime", "ingest_1min"))
                .isEqualTo(
                        "job text!, topic text!, minute timestamptz!, received int8, valid int8,"
                                + " duplicate int8, late int8, rejected int8, by_code jsonb");
    }

    private static String columns(TestDatabase database, String schema, String table) {
        return text(
                database,
                """
                select string_agg(
                         column_name || ' ' || udt_name
                           || case when udt_name = 'numeric'
                                then '(' || numeric_precision || ',' || numeric_scale || ')' else '' end
                           || case when is_nullable = 'NO' then '!' else '' end,
                         ', ' order by ordinal_position) as text
                from information_schema.columns where table_schema = '%s' and table_name = '%s'
                """
                        .formatted(schema, table));
    }

    private static String indexes(TestDatabase database, String schema, String table) {
        return text(
                database,
                """
                select string_agg(columns, '; ' order by columns) as text from
                  (select substring(indexdef from '\\(.*\\)') as columns from pg_indexes
                   where schemaname = '%s' and tablename = '%s') as i
                """
                        .formatted(schema, table));
    }

    private static String text(TestDatabase database, String sql) {
        return String.valueOf(database.query(sql).get(0).get("text"));
    }
}
