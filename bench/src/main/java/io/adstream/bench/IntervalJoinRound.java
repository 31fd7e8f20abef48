package io.adstream.bench;

import java.time.Duration;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * Last-click attribution as a user of Flink SQL would ask for it: an interval join of conversions
 * and clicks, and of its pairs the newest click.
 *
 * <p>In its short form it looks at sessions alone and takes every record as it comes. In its whole
 * form it leaves out repeated ids and falls back on devices, as the product does. Both know one
 * model, no path, no result for a conversion without a click, and no rolling hour.
 */
final class IntervalJoinRound implements CandidateMain.Round {

    /** The product's scope, and its window with both ends. */
    private static final String COUNTS =
            " AND (v.advertiser_id IS NULL OR v.advertiser_id = c.advertiser_id)"
                    + " AND c.event_time BETWEEN v.event_time - INTERVAL '24' HOUR"
                    + " AND v.event_time";

    /** The newest click that has an id in common with a conversion: the id's name, and its tier. */
    private static final String NEWEST =
            "SELECT conversion_id, click_id, %2$d AS tier FROM (SELECT *, ROW_NUMBER() OVER"
                    + " (PARTITION BY conversion_id ORDER BY click_time DESC) AS n FROM (SELECT"
                    + " v.event_id AS conversion_id, c.event_id AS click_id,"
                    + " c.event_time AS click_time FROM conversions v JOIN clicks c"
                    + " ON v.%1$s = c.%1$s"
                    + COUNTS
                    + ")) WHERE n = 1";

    private final CandidateSettings settings;
    private final boolean whole;

    IntervalJoinRound(CandidateSettings settings, boolean whole) {
        this.settings = settings;
        this.whole = whole;
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        FlinkRound round = new FlinkRound(settings.withGeneratedIds());
        StreamTableEnvironment tables = StreamTableEnvironment.create(round.environment());
        tune(tables.getConfig());
        StreamStatementSet inserts = tables.createStatementSet();
        define(tables, request);
        inserts.addInsertSql(
                "INSERT INTO credits " + (whole ? bySessionElseDevice() : bySession()));
        inserts.attachAsDataStream();
        // A join's results may be as old as its interval: its watermarks are behind by as much.
        RunResult result =
                round.run(
                        request.withWatermarksBehind(Duration.ofMillis(JourneyInput.WINDOW)),
                        name -> name.endsWith(": Writer"));
        return result.with(CreditCounter.of(round));
    }

    private static String bySession() {
        return NEWEST.formatted("session_id", CreditSinkFactory.SESSION);
    }

    /**
     * Ranked in two steps: of one step over both tiers the planner, without mini-batches, expects
     * no updates, and results are not taken back.
     */
    private static String bySessionElseDevice() {
        return "SELECT conversion_id, click_id, tier FROM (SELECT *, ROW_NUMBER() OVER"
                + " (PARTITION BY conversion_id ORDER BY tier) AS m FROM ("
                + bySession()
                + " UNION ALL "
                + NEWEST.formatted("device_id", CreditSinkFactory.SESSION + 1)
                + ")) WHERE m = 1";
    }

    private void tune(TableConfig config) {
        if (!whole) {
            // With it, leaving out repeated ids yields updates, which no interval join takes.
            config.set("table.exec.mini-batch.enabled", "true");
            config.set("table.exec.mini-batch.allow-latency", "1 s");
            config.set("table.exec.mini-batch.size", "20000");
        }
        config.set("table.exec.state.ttl", "1 h");
        config.set("table.exec.source.idle-timeout", "30 s");
        config.set("table.local-time-zone", "UTC");
    }

    private void define(StreamTableEnvironment tables, RunRequest request) {
        tables.executeSql(
                """
                CREATE TABLE ad_events (
                  event_id STRING, event_type STRING, event_time TIMESTAMP_LTZ(3),
                  advertiser_id STRING, session_id STRING, device_id STRING,
                  arrived AS PROCTIME(),
                  WATERMARK FOR event_time AS event_time - INTERVAL '60' SECOND
                ) WITH (%s)\
                """
                        .formatted(SqlRound.kafka(settings, request)));
        tables.executeSql(
                whole
                        ? """
                        CREATE VIEW valid AS
                        SELECT event_id, event_type, event_time, advertiser_id, session_id, device_id
                        FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY arrived) AS n
                              FROM ad_events WHERE event_type <> 'IMPRESSION')
                        WHERE n = 1\
                        """
                        : "CREATE VIEW valid AS SELECT * FROM ad_events");
        tables.executeSql("CREATE VIEW clicks AS SELECT * FROM valid WHERE event_type = 'CLICK'");
        tables.executeSql(
                "CREATE VIEW conversions AS SELECT * FROM valid WHERE event_type = 'CONVERSION'");
        tables.executeSql(
                "CREATE TABLE credits (conversion_id STRING, click_id STRING, tier INT) WITH"
                        + " ('connector' = '"
                        + CreditSinkFactory.CONNECTOR
                        + "')");
    }
}
