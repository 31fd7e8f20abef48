package io.adstream.common.postgres;

import static io.adstream.common.postgres.Rows.TEN;
import static io.adstream.common.postgres.Rows.metric;
import static io.adstream.common.postgres.Rows.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.adstream.common.postgres.Rows.Metric;
import io.adstream.common.postgres.Rows.Raw;
import io.adstream.common.store.Flushing;
import io.adstream.common.store.TestWriterContext;
import io.adstream.testing.services.PostgresProcess;
import io.adstream.testing.services.PostgresServer;
import io.adstream.testing.services.TcpProxy;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresSinkOutageITCase {

    private static final long DAY = Duration.ofDays(1).toMillis();

    @TempDir private static Path folder;
    private static PostgresProcess server;

    private final TestWriterContext context = new TestWriterContext();
    private TestDatabase database;
    private SinkWriter<Metric> writer;

    @BeforeAll
    static void start() {
        server = PostgresServer.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        database = server.newDatabase();
        writer = writer(config());
    }

    @AfterEach
    void close() throws Exception {
        writer.close();
    }

    @Test
    void waitsForAServerThatWasKilledAndLosesNothing() throws Exception {
        keep(0, 100, 5);
        writer.flush(false);
        server.kill();

        keep(0, 200, 6);
        Flushing flushing = new Flushing(writer);
        await().until(() -> context.count("postgresRetries") >= 3);
        assertThat(flushing.isDone()).isFalse();
        assertThat(context.gauge("postgresUnavailableMs")).isPositive();
        server.start();
        flushing.get(30);

        assertRows(200, 6);
        assertThat(context.gauge("postgresUnavailableMs")).isZero();
    }

    @Test
    void survivesBackendsThatAreTerminated() throws Exception {
        for (int round = 1; round <= 5; round++) {
            keep(0, 300, round);
            writer.flush(false);
            database.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name"
                            + " = 'adstream'");
        }
        keep(0, 300, 6);
        writer.flush(false);

        assertRows(300, 6);
        assertThat(context.count("postgresRetries")).isEqualTo(5);
    }

    @Test
    void waitsForALockedTableAndSaysSo() throws Exception {
        Flushing flushing;
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table realtime.metrics_1min in access exclusive mode");
            keep(0, 50, 5);
            flushing = new Flushing(writer);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> context.count("postgresRetries") >= 2);
            assertThat(flushing.isDone()).isFalse();
            other.rollback();
        }
        flushing.get(20);

        assertRows(50, 5);
    }

    /** Four seconds for the batch, of which a statement may take one and a half. */
    @Test
    void writesInSmallerPartsWhereTheServerIsSlow() throws Exception {
        database.execute(
                "create function realtime.slow() returns trigger language plpgsql as"
                        + " 'begin perform pg_sleep(0.01); return new; end'");
        database.execute(
                "create trigger slow before insert on realtime.metrics_1min for each row execute"
                        + " function realtime.slow()");
        keep(0, 400, 5);

        new Flushing(writer).get(60);

        assertRows(400, 5);
        assertThat(context.count("postgresRetries")).isBetween(1L, 8L);
        assertThat(context.gauge("postgresUnavailableMs")).isZero();
    }

    @Test
    void dropsOldPartitionsThoughTheConnectionIsLostMeanwhile() throws Exception {
        database.execute("create sequence realtime.drops");
        database.execute(
                "create function realtime.lose() returns event_trigger language plpgsql as"
                        + " 'begin if nextval(''realtime.drops'') = 1 then perform"
                        + " pg_terminate_backend(pg_backend_pid()); end if; end'");
        try (SinkWriter<Raw> raws =
                new PostgresSink<>(config(), Raw.table(1)).createWriter(context)) {
            raws.write(raw("old", TEN - 9 * DAY), TestWriterContext.NO_TIME);
            raws.flush(false);
            database.execute(
                    "create event trigger lose on ddl_command_start when tag in ('DROP TABLE')"
                            + " execute function realtime.lose()");

            raws.writeWatermark(new Watermark(TEN));
            raws.write(raw("new", TEN), TestWriterContext.NO_TIME);
            raws.flush(false);
        }
        assertThat(context.count("postgresRetries")).isEqualTo(1);
        assertThat(database.query("select event_id from realtime.raw_events"))
                .extracting(row -> row.get("event_id"))
                .containsExactly("new");
    }

    @Test
    void survivesAServerThatIsFrozen() throws Exception {
        keep(0, 10, 5);
        writer.flush(false);
        server.pause();

        keep(0, 50, 6);
        Flushing flushing = new Flushing(writer);
        await().atMost(Duration.ofSeconds(60)).until(() -> context.count("postgresRetries") >= 2);
        assertThat(flushing.isDone()).isFalse();
        server.resume();
        flushing.get(30);

        assertRows(50, 6);
    }

    @Test
    void canBeCancelledWhileTheServerIsFrozen() throws Exception {
        writer.close();
        writer = writer(config().withTimeout(Duration.ofMinutes(5)));
        keep(0, 10, 5);
        writer.flush(false);
        server.pause();
        try {
            keep(0, 10, 6);
            Flushing flushing = new Flushing(writer);
            await().pollDelay(Duration.ofMillis(300)).until(() -> !flushing.isDone());
            flushing.cancel();

            assertThatThrownBy(() -> flushing.get(5))
                    .hasCauseInstanceOf(InterruptedException.class);
        } finally {
            server.resume();
        }
    }

    @Test
    void repeatsABatchWhoseReplyWasLost() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(server)) {
            writer.close();
            writer =
                    writer(
                            new PostgresConnectionConfig(
                                    database.jdbcUrl()
                                            .replace(":" + server.port(), ":" + proxy.port()),
                                    database.user(),
                                    database.password()));
            keep(0, 10, 5);
            writer.flush(false);
            proxy.loseReplies(1);

            keep(0, 30, 6);
            writer.flush(false);

            assertThat(proxy.lostReplies()).isEqualTo(1);
            assertThat(context.count("postgresRetries")).isEqualTo(1);
        }
        assertRows(30, 6);
    }

    @Test
    void waitsForAFreeConnection() throws Exception {
        database.execute("create role narrow login password 'narrow' connection limit 1");
        try {
            database.execute(
                    "grant usage on schema realtime to narrow; grant all on"
                            + " realtime.metrics_1min to narrow");
            PostgresConnectionConfig narrow =
                    new PostgresConnectionConfig(database.jdbcUrl(), "narrow", "narrow");
            writer.close();
            writer = writer(narrow);
            Flushing flushing;
            try (Connection taken = PostgresConnections.open(narrow)) {
                assertThat(taken.isValid(5)).isTrue();
                keep(0, 10, 5);
                flushing = new Flushing(writer);
                await().until(() -> context.count("postgresRetries") >= 2);
                assertThat(flushing.isDone()).isFalse();
            }
            flushing.get(20);
            assertRows(10, 5);
        } finally {
            writer.close();
            database.execute("drop owned by narrow; drop role narrow");
        }
    }

    @Test
    void writersThatNeedTheSamePartitionsAtOnceDoNotDisturbEachOther() throws Exception {
        List<SinkWriter<Raw>> writers = new ArrayList<>();
        List<Flushing> flushings = new ArrayList<>();
        for (int w = 0; w < 6; w++) {
            SinkWriter<Raw> raws =
                    new PostgresSink<>(config(), Raw.table()).createWriter(new TestWriterContext());
            writers.add(raws);
            for (int i = 0; i < 400; i++) {
                raws.write(raw("e-" + w + "-" + i, TEN + i % 20 * DAY), TestWriterContext.NO_TIME);
            }
        }
        for (SinkWriter<Raw> raws : writers) {
            flushings.add(new Flushing(raws));
        }
        for (Flushing flushing : flushings) {
            flushing.get(60);
        }
        for (SinkWriter<Raw> raws : writers) {
            raws.close();
        }
        assertThat(database.queryLong("select count(*) from realtime.raw_events")).isEqualTo(2_400);
        assertThat(
                        database.queryLong(
                                "select count(*) from pg_inherits where inhparent ="
                                        + " 'realtime.raw_events'::regclass"))
                .isEqualTo(20);
    }

    @Test
    void aLongQueryDoesNotKeepANewDayFromItsPartition() throws Exception {
        try (Connection analyst = database.connect();
                Statement statement = analyst.createStatement();
                SinkWriter<Raw> raws =
                        new PostgresSink<>(config(), Raw.table()).createWriter(context)) {
            analyst.setAutoCommit(false);
            statement.execute("select count(*) from realtime.raw_events");

            raws.write(raw("e-1", TEN), TestWriterContext.NO_TIME);
            raws.flush(false);

            assertThat(context.count("postgresRetries")).isZero();
            analyst.rollback();
        }
    }

    @Test
    void writersOfTheSameRowsDoNotWaitForEachOtherInACircle() throws Exception {
        List<Flushing> flushings = new ArrayList<>();
        List<SinkWriter<Metric>> writers = new ArrayList<>();
        List<TestWriterContext> contexts = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            contexts.add(new TestWriterContext());
            writers.add(new PostgresSink<>(config(), Metric.table()).createWriter(contexts.get(w)));
        }
        for (int round = 0; round < 5; round++) {
            for (int w = 0; w < 4; w++) {
                for (int i = 0; i < 1_000; i++) {
                    int ad = w % 2 == 0 ? i : 999 - i;
                    writers.get(w).write(metric("ad-" + ad, round + 1), TestWriterContext.NO_TIME);
                }
                flushings.add(new Flushing(writers.get(w)));
            }
            for (Flushing flushing : flushings) {
                flushing.get(60);
            }
        }
        for (int w = 0; w < 4; w++) {
            writers.get(w).close();
            assertThat(contexts.get(w).count("postgresRetries")).isZero();
        }
        assertRows(1_000, 5);
    }

    @Test
    void needsNoMoreRightsThanDocumented() throws Exception {
        database.execute(
                """
                create role ads login password 'ads';
                grant usage, create on schema realtime to ads;
                grant select, insert, update on all tables in schema realtime to ads;
                alter table realtime.raw_events owner to ads;
                """);
        PostgresConnectionConfig ads =
                new PostgresConnectionConfig(database.jdbcUrl(), "ads", "ads");
        try {
            writer.close();
            writer = writer(ads);
            keep(0, 10, 5);
            writer.flush(false);
            assertRows(10, 5);
            try (SinkWriter<Raw> raws =
                    new PostgresSink<>(ads, Raw.table(1)).createWriter(context)) {
                raws.write(raw("old", TEN - 9 * DAY), TestWriterContext.NO_TIME);
                raws.flush(false);
                raws.writeWatermark(new Watermark(TEN));
                raws.write(raw("new", TEN), TestWriterContext.NO_TIME);
                raws.flush(false);
            }
            assertThat(database.queryLong("select count(*) from realtime.raw_events")).isEqualTo(1);
        } finally {
            writer.close();
            database.execute("drop owned by ads; drop role ads");
        }
    }

    private PostgresConnectionConfig config() {
        return Rows.config(database).withTimeout(Duration.ofSeconds(2));
    }

    private SinkWriter<Metric> writer(PostgresConnectionConfig config) {
        return new PostgresSink<>(config, Metric.table()).createWriter(context);
    }

    /** Rows of the ads from to to, exclusive, with so many impressions. */
    private void keep(int from, int to, long impressions) throws Exception {
        for (int i = from; i < to; i++) {
            writer.write(metric("ad-" + i, impressions), TestWriterContext.NO_TIME);
        }
    }

    private void assertRows(int number, long impressions) {
        assertThat(
                        database.queryLong(
                                "select count(*) from realtime.metrics_1min where impressions = "
                                        + impressions))
                .isEqualTo(number);
    }
}
