package io.adstream.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * The same nine aggregations as a user of Flink SQL would ask for them, tuned as its documentation
 * advises. Where the two differ SQL has less to do: results go nowhere, there are no live values,
 * no amendments, no ratios and no verdicts, and a conflicting id is not noticed.
 */
final class SqlRound implements CandidateMain.Round {

    private static final Map<String, String> ENTITIES = new LinkedHashMap<>();
    private static final Map<String, String> WINDOWS = new LinkedHashMap<>();

    static {
        ENTITIES.put("ad", "ad_id");
        ENTITIES.put("campaign", "campaign_id");
        ENTITIES.put("advertiser", "advertiser_id");
        WINDOWS.put("1m", "INTERVAL '1' MINUTE");
        WINDOWS.put("5m", "INTERVAL '5' MINUTES");
        WINDOWS.put("1h", "INTERVAL '1' HOUR");
    }

    private final CandidateSettings settings;

    SqlRound(CandidateSettings settings) {
        this.settings = settings;
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        FlinkRound round = new FlinkRound(settings.withGeneratedIds());
        StreamTableEnvironment tables = StreamTableEnvironment.create(round.environment());
        tune(tables.getConfig());
        StreamStatementSet inserts = tables.createStatementSet();
        define(tables, inserts, request);
        inserts.attachAsDataStream();
        RunResult result = round.run(request, name -> name.endsWith(": Writer"));
        Map<String, Counts> counts = new LinkedHashMap<>();
        for (String table : tableNames()) {
            counts.put(
                    table,
                    new Counts(
                            round.counter(table + ".impressions"),
                            round.counter(table + ".clicks"),
                            round.counter(table + ".conversions"),
                            round.counter(table + ".cost"),
                            round.counter(table + ".revenue")));
        }
        return result.with(counts);
    }

    private static void tune(TableConfig config) {
        config.set("table.exec.mini-batch.enabled", "true");
        config.set("table.exec.mini-batch.allow-latency", "1 s");
        config.set("table.exec.mini-batch.size", "20000");
        config.set("table.optimizer.agg-phase-strategy", "TWO_PHASE");
        // One source and one deduplication for all nine statements.
        config.set("table.optimizer.reuse-optimize-block-with-digest-enabled", "true");
        config.set("table.exec.state.ttl", "1 h");
        config.set("table.exec.source.idle-timeout", "30 s");
        config.set("table.local-time-zone", "UTC");
    }

    private void define(StreamTableEnvironment tables, StatementSet inserts, RunRequest request) {
        tables.executeSql(
                """
                CREATE TABLE ad_events (
                  event_id STRING, event_type STRING, event_time TIMESTAMP_LTZ(3),
                  ad_id STRING, campaign_id STRING, advertiser_id STRING,
                  actual_price DECIMAL(18, 6), conversion_value DECIMAL(18, 6),
                  arrived AS PROCTIME(),
                  WATERMARK FOR event_time AS event_time - INTERVAL '10' SECOND
                ) WITH (%s)\
                """
                        .formatted(kafka(settings, request)));
        tables.executeSql(
                """
                CREATE VIEW valid AS
                SELECT event_type, event_time, ad_id, campaign_id, advertiser_id,
                       actual_price, conversion_value
                FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY arrived) AS n
                      FROM ad_events)
                WHERE n = 1\
                """);
        ENTITIES.forEach(
                (entity, id) ->
                        WINDOWS.forEach(
                                (label, size) -> {
                                    String table = entity + "_" + label;
                                    tables.executeSql(
                                            """
                                            CREATE TABLE %s (
                                              id STRING, window_start TIMESTAMP(3),
                                              window_end TIMESTAMP(3), impressions BIGINT,
                                              clicks BIGINT, conversions BIGINT,
                                              total_cost DECIMAL(38, 6),
                                              total_revenue DECIMAL(38, 6)
                                            ) WITH ('connector' = '%s', 'label' = '%s')\
                                            """
                                                    .formatted(
                                                            table,
                                                            CountingSinkFactory.CONNECTOR,
                                                            table));
                                    inserts.addInsertSql(
                                            """
                                            INSERT INTO %s
                                            SELECT %s, window_start, window_end,
                                              COUNT(*) FILTER (WHERE event_type = 'IMPRESSION'),
                                              COUNT(*) FILTER (WHERE event_type = 'CLICK'),
                                              COUNT(*) FILTER (WHERE event_type = 'CONVERSION'),
                                              SUM(actual_price)
                                                FILTER (WHERE event_type = 'CLICK'),
                                              SUM(conversion_value)
                                                FILTER (WHERE event_type = 'CONVERSION')
                                            FROM TABLE(TUMBLE(
                                              TABLE valid, DESCRIPTOR(event_time), %s))
                                            WHERE ad_id IS NOT NULL AND campaign_id IS NOT NULL
                                              AND advertiser_id IS NOT NULL
                                            GROUP BY window_start, window_end, %s\
                                            """
                                                    .formatted(table, id, size, id));
                                }));
    }

    /** The options of a table that reads the round's topic with the product's consumer settings. */
    static String kafka(CandidateSettings settings, RunRequest request) {
        StringBuilder with = new StringBuilder("'connector' = 'kafka', 'format' = 'json'");
        option(with, "topic", request.topic());
        option(with, "scan.startup.mode", "earliest-offset");
        option(with, "json.timestamp-format.standard", "ISO-8601");
        ConsumerSettings.of(settings, request.group())
                .forEach((key, value) -> option(with, "properties." + key, value));
        return with.toString();
    }

    static List<String> tableNames() {
        return ENTITIES.keySet().stream()
                .flatMap(entity -> WINDOWS.keySet().stream().map(label -> entity + "_" + label))
                .toList();
    }

    private static void option(StringBuilder with, String key, String value) {
        with.append(", '").append(key).append("' = '").append(value).append('\'');
    }
}
