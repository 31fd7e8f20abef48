package io.adstream.common.postgres;

import static io.adstream.common.postgres.Rows.TEN;
import static io.adstream.common.postgres.Rows.metric;
import static io.adstream.common.postgres.Rows.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.common.postgres.Rows.Metric;
import io.adstream.common.postgres.Rows.Raw;
import io.adstream.common.store.TestWriterContext;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ServicesExtension.class)
class PostgresSinkITCase {

    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final String IMPRESSIONS =
            "select impressions from realtime.metrics_1min where entity_id = 'ad-1'";

    private final TestWriterContext context = new TestWriterContext();
    private TestDatabase database;

    @BeforeEach
    void take(TestDatabase own) {
        database = own;
    }

    @Test
    void aRowArrivesAsItWasMeant() throws Exception {
        write(Metric.table(), metric("ad-1", 200));

        Map<String, @Nullable Object> row =
                database.query("select * from realtime.metrics_1min").get(0);
        assertThat(row)
                .containsEntry("entity_type", "AD")
                .containsEntry("entity_id", "ad-1")
                .containsEntry("window_start", new Timestamp(TEN))
                .containsEntry("window_end", new Timestamp(TEN + 60_000))
                .containsEntry("campaign_id", "cmp-1")
                .containsEntry("advertiser_id", null)
                .containsEntry("impressions", 200L)
                .containsEntry("total_cost", new BigDecimal("0.250001"))
                .containsEntry("total_revenue", new BigDecimal("9000000000000.123456"))
                .containsEntry("cvr", new BigDecimal("0.000001"))
                .containsEntry("revision", 1);
        assertThat(row.get("updated_at")).isNotNull();
    }

    @Test
    void timesAreExactToTheMillisecond() throws Exception {
        List<Long> times =
                List.of(
                        946_684_800_000L,
                        TEN + 1,
                        TEN + 999,
                        4_102_444_799_999L,
                        253_402_300_799_999L);
        for (long time : times) {
            write(Metric.table(), new Metric("ad-" + time, time, 1, 1));
        }
        for (long time : times) {
            assertThat(
                            database.queryLong(
                                    "select (extract(epoch from window_start) * 1000)::bigint from"
                                            + " realtime.metrics_1min where entity_id = 'ad-"
                                            + time
                                            + "'"))
                    .isEqualTo(time);
        }
    }

    @Test
    void fewerEventsAreRefusedThoughTheirRevisionIsHigher() throws Exception {
        write(Metric.table(), new Metric("ad-1", TEN, 100, 1));

        write(Metric.table(), new Metric("ad-1", TEN, 99, 7));

        assertThat(database.queryLong(IMPRESSIONS)).isEqualTo(100);
        assertThat(context.count("postgresRows")).isEqualTo(1);
        assertThat(context.count("postgresRefusedAsOlder")).isEqualTo(1);
    }

    @Test
    void asManyEventsAreAcceptedThoughTheirRevisionIsLower() throws Exception {
        write(Metric.table(), new Metric("ad-1", TEN, 100, 7));

        write(Metric.table(), new Metric("ad-1", TEN, 100, 2));

        assertThat(database.queryLong("select revision from realtime.metrics_1min")).isEqualTo(2);
        assertThat(context.count("postgresRows")).isEqualTo(2);
    }

    @Test
    void ofTheRowsOfAKeyThatWaitTheNewestIsWritten() throws Exception {
        write(
                Metric.table(),
                metric("ad-1", 5),
                metric("ad-1", 9),
                metric("ad-1", 7),
                metric("ad-2", 1));

        assertThat(database.queryLong(IMPRESSIONS)).isEqualTo(9);
        assertThat(context.count("postgresRows")).isEqualTo(2);
    }

    @Test
    void aRowWaitsAQuarterOfASecondAtMost() throws Exception {
        try (SinkWriter<Metric> writer = writer(Metric.table())) {
            writer.write(metric("ad-1", 5), TestWriterContext.NO_TIME);
            context.advance(249);
            assertThat(rows("metrics_1min")).isZero();
            assertThat(context.gauge("postgresPending")).isEqualTo(1);

            context.advance(1);
            assertThat(rows("metrics_1min")).isEqualTo(1);
            assertThat(context.gauge("postgresPending")).isZero();
        }
    }

    @Test
    void fiveThousandRowsAreWrittenAtOnce() throws Exception {
        try (SinkWriter<Metric> writer = writer(Metric.table())) {
            for (int i = 0; i < 4_999; i++) {
                writer.write(metric("ad-" + i, 5), TestWriterContext.NO_TIME);
            }
            assertThat(rows("metrics_1min")).isZero();

            writer.write(metric("ad-4999", 5), TestWriterContext.NO_TIME);
            assertThat(rows("metrics_1min")).isEqualTo(5_000);
        }
    }

    @Test
    void largeRowsAreWrittenBeforeTheyFillTheMemory() throws Exception {
        String large = "{\"x\": \"" + "y".repeat(60_000) + "\"}";
        try (SinkWriter<Raw> writer = writer(Raw.table())) {
            for (int i = 0; i < 100; i++) {
                writer.write(new Raw("e-" + i, TEN, large, null), TestWriterContext.NO_TIME);
            }
            assertThat(rows("raw_events")).isBetween(60L, 90L);
        }
    }

    @Test
    void nullsAndJsonArriveAsSuch() throws Exception {
        write(
                Raw.table(),
                new Raw("e-1", TEN, "{\"a\": [1, \"한\\\"국\"]}", null),
                new Raw("e-2", TEN, null, 1L));

        List<Map<String, @Nullable Object>> rows =
                database.query(
                        "select event_day::text as day, payload->'a'->>1 as a, actual_price,"
                                + " kafka_partition, kafka_offset from realtime.raw_events order by"
                                + " event_id");
        assertThat(rows.get(0))
                .containsEntry("day", "2026-11-20")
                .containsEntry("a", "한\"국")
                .containsEntry("actual_price", null)
                .containsEntry("kafka_partition", 3)
                .containsEntry("kafka_offset", null);
        assertThat(rows.get(1))
                .containsEntry("a", null)
                .containsEntry("actual_price", new BigDecimal("0.000001"));
    }

    @Test
    void aStoredEventStaysAsItIs() throws Exception {
        write(Raw.table(), new Raw("e-1", TEN, "{\"first\": 1}", null));

        write(Raw.table(), new Raw("e-1", TEN, "{\"second\": 1}", null));

        assertThat(database.queryLong("select (payload->>'first')::int from realtime.raw_events"))
                .isEqualTo(1);
    }

    @Test
    void partitionsAreMadePerUtcDayWhenTheFirstRowComes() throws Exception {
        write(
                Raw.table(),
                raw("e-1", TEN),
                raw("e-2", TEN + DAY),
                raw("e-3", TEN - 30 * DAY),
                raw("e-4", TEN + 14 * 3_600_000 - 1),
                raw("e-5", TEN + 14 * 3_600_000));

        assertThat(partitions())
                .containsExactly(
                        "raw_events_20261021", "raw_events_20261120", "raw_events_20261121");
        assertThat(database.queryLong("select count(*) from realtime.raw_events_20261120"))
                .isEqualTo(2);
        assertThat(
                        database.queryLong(
                                "select count(*) from pg_indexes where tablename ="
                                        + " 'raw_events_20261120'"))
                .isEqualTo(2);
    }

    @Test
    void aPartitionThatWasDroppedMeanwhileIsMadeAgain() throws Exception {
        try (SinkWriter<Raw> writer = writer(Raw.table())) {
            writer.write(raw("e-1", TEN), TestWriterContext.NO_TIME);
            writer.flush(false);
            database.execute("drop table realtime.raw_events_20261120");

            writer.write(raw("e-2", TEN), TestWriterContext.NO_TIME);
            writer.flush(false);

            assertThat(rows("raw_events")).isEqualTo(1);
        }
    }

    @Test
    void aPartitionOfTheUsersOwnIsRespected() throws Exception {
        database.execute(
                "create table realtime.raw_november partition of realtime.raw_events for values from"
                        + " ('2026-11-01') to ('2026-12-01')");

        write(Raw.table(), raw("e-1", TEN), raw("e-2", TEN + 20 * DAY));

        assertThat(partitions()).containsExactly("raw_events_20261210", "raw_november");
        assertThat(rows("raw_november")).isEqualTo(1);
    }

    @Test
    void partitionsOlderThanTheRetentionAreDroppedBehindTheWatermark() throws Exception {
        try (SinkWriter<Raw> writer = writer(Raw.table(2))) {
            for (int day = 0; day < 5; day++) {
                writer.write(raw("e-" + day, TEN + day * DAY), TestWriterContext.NO_TIME);
            }
            writer.flush(false);
            assertThat(partitions()).hasSize(5);

            writer.writeWatermark(new Watermark(TEN + 4 * DAY));
            writer.write(raw("e-5", TEN + 4 * DAY), TestWriterContext.NO_TIME);
            writer.flush(false);

            assertThat(partitions())
                    .containsExactly(
                            "raw_events_20261122", "raw_events_20261123", "raw_events_20261124");
        }
    }

    @Test
    void aRowThatJsonbRefusesIsKeptWithoutItsPayload() throws Exception {
        Raw[] rows = new Raw[1_000];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = raw("e-" + i, TEN);
        }
        rows[17] = new Raw("e-17", TEN, "{\"x\": 1e400000}", 5L);
        rows[18] = new Raw("e-18", TEN, "{\"x\": \"\\u0000\"}", 6L);
        rows[999] = new Raw("e-999", TEN, "{", 7L);

        write(Raw.table(), rows);

        assertThat(rows("raw_events")).isEqualTo(1_000);
        assertThat(
                        database.query(
                                "select event_id from realtime.raw_events where payload is null"
                                        + " order by actual_price"))
                .extracting(row -> row.get("event_id"))
                .containsExactly("e-17", "e-18", "e-999");
        assertThat(context.count("postgresSalvaged")).isEqualTo(3);
        assertThat(context.count("postgresRows")).isEqualTo(1_000);
    }

    @Test
    void aRowThatCannotBeSavedFailsTheJobByItsKey() {
        assertThatThrownBy(
                        () ->
                                write(
                                        Raw.table(),
                                        raw("good", TEN),
                                        new Raw("bad", TEN, null, Long.MAX_VALUE),
                                        raw("zero\u0000", TEN)))
                .hasMessageContaining("zero\\u0000")
                .hasMessageContaining("SQLSTATE 22021");
        assertThat(rows("raw_events")).isEqualTo(2);
    }

    @Test
    void whatARowHoldsSteersNoTerminal() {
        String id = "e\r\n\u001b[31m";
        database.execute(
                "create function realtime.refuse() returns trigger language plpgsql as"
                        + " 'begin raise exception ''no %'', new.event_id using errcode = 22023;"
                        + " end'");
        database.execute(
                "create trigger refuse before insert on realtime.raw_events for each row execute"
                        + " function realtime.refuse()");

        assertThatThrownBy(() -> write(Raw.table(), new Raw(id, TEN, null, 1L)))
                .hasMessageContaining("e\\u000d\\u000a\\u001b[31m")
                .hasMessageContaining("no e\\u000d\\u000a\\u001b[31m")
                .satisfies(
                        e -> {
                            StringWriter trace = new StringWriter();
                            e.printStackTrace(new PrintWriter(trace));
                            assertThat(trace.toString()).doesNotContain("\u001b", "e\r\n");
                            assertThat(e.getCause())
                                    .asInstanceOf(
                                            InstanceOfAssertFactories.type(SQLException.class))
                                    .extracting(SQLException::getSQLState)
                                    .isEqualTo("22023");
                        });
    }

    @Test
    void aMissingTableFailsTheJobWithAdvice() {
        database.execute("drop table realtime.metrics_1min");

        assertThatThrownBy(() -> write(Metric.table(), metric("ad-1", 1)))
                .hasMessageContaining("realtime.metrics_1min")
                .hasMessageContaining("migrations");
    }

    @Test
    void aWrongPasswordFailsTheJobWithoutShowingIt() {
        PostgresConnectionConfig wrong =
                new PostgresConnectionConfig(
                        database.jdbcUrl() + "?password=secret-1", "nobody", "secret-2");
        assertThat(wrong.toString()).doesNotContain("secret");

        assertThatThrownBy(
                        () -> {
                            try (SinkWriter<Metric> writer =
                                    new PostgresSink<>(wrong, Metric.table())
                                            .createWriter(context)) {
                                writer.write(metric("ad-1", 1), TestWriterContext.NO_TIME);
                                writer.flush(false);
                            }
                        })
                .hasMessageContaining("nobody")
                .hasMessageNotContaining("secret");
    }

    private <T> SinkWriter<T> writer(PostgresTable<T> table) {
        return new PostgresSink<>(Rows.config(database), table).createWriter(context);
    }

    @SafeVarargs
    private <T> void write(PostgresTable<T> table, T... rows) throws Exception {
        try (SinkWriter<T> writer = writer(table)) {
            for (T row : rows) {
                writer.write(row, TestWriterContext.NO_TIME);
            }
            writer.flush(false);
        }
    }

    private long rows(String table) {
        return database.queryLong("select count(*) from realtime." + table);
    }

    private List<String> partitions() {
        return database
                .query(
                        "select inhrelid::regclass::text as name from pg_inherits where inhparent ="
                                + " 'realtime.raw_events'::regclass order by 1")
                .stream()
                .map(row -> String.valueOf(row.get("name")).replace("realtime.", ""))
                .toList();
    }
}
