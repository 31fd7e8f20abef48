package io.adstream.metrics;

import static io.adstream.testing.events.AdEventJson.click;
import static io.adstream.testing.events.AdEventJson.impression;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.event.EventContract;
import io.adstream.common.event.EventParser;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RejectCode;
import io.adstream.common.ingest.IngestCounts;
import io.adstream.common.ingest.IngestDelta;
import io.adstream.common.money.Micros;
import io.adstream.metrics.row.MetricsRow;
import io.adstream.testing.flink.Collected;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.oracle.ExpectedMetrics;
import io.adstream.testing.oracle.InputRecord;
import io.adstream.testing.oracle.LateRule;
import io.adstream.testing.oracle.MetricsBatchCount;
import io.adstream.testing.oracle.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The topology on bounded input, without connectors; time moves with each event. */
class MetricsPipelineITCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().build();

    private static final MetricsConfig CONFIG =
            new MetricsConfig(
                    Duration.ofHours(1),
                    Duration.ofMinutes(5),
                    Duration.ofMillis(900),
                    Duration.ofSeconds(10),
                    50_000,
                    true);

    private static final Instant NOW = Instant.parse("2024-03-01T14:00:00Z");
    private static final Instant START = NOW.minus(Duration.ofHours(4));

    @Test
    void leavesWhatABatchCountSays() {
        AdTraffic traffic = new AdTraffic("ad-events", 1, START, 7);
        List<byte[]> values = new ArrayList<>();
        add(values, traffic.over(Duration.ofMinutes(70), 8000));
        add(values, traffic.everywhere(START.plus(Duration.ofMinutes(100))));
        add(values, traffic.late(30, START.plus(Duration.ofMinutes(20))));

        Results results = run(values, 3);

        ExpectedMetrics expected = expected(values, LateRule.ids(traffic.lateIds()));
        assertThat(rows(results.rows)).isEqualTo(rows(expected));
        assertThat(results.late.records()).hasSize(30);
        assertThat(results.rejected.records()).hasSize(expected.deadLetters().size());
        assertThat(results.valid.records()).hasSize((int) expected.count(Verdict.VALID));
        IngestCounts counts = results.counts();
        assertThat(counts.received).isEqualTo(values.size());
        assertThat(counts.valid).isEqualTo(expected.count(Verdict.VALID));
        assertThat(counts.duplicate).isEqualTo(expected.count(Verdict.DUPLICATE));
        assertThat(counts.late).isEqualTo(30);
        for (RejectCode code : RejectCode.values()) {
            assertThat(counts.rejected[code.ordinal()])
                    .as(code.name())
                    .isEqualTo(expected.count(Verdict.valueOf(code.name())));
        }
    }

    @Test
    void aLateImpressionAmendsWhatWasClosed() {
        Instant hour = START;
        List<byte[]> values = new ArrayList<>();
        values.add(impression("i1").at(hour.plusSeconds(3590)).json());
        values.add(impression("i2").at(hour.plusSeconds(3620)).json());
        values.add(impression("i3").at(hour.plusSeconds(3591)).json());

        // With one subtask the order of arrival is that of sending.
        Results results = run(values, 1);

        assertThat(results.late.records()).isEmpty();
        assertThat(results.rows.records())
                .filteredOn(row -> row.kind() == MetricsRow.Kind.CLOSED)
                .filteredOn(row -> row.entityType() == EntityType.AD)
                .filteredOn(row -> row.windowStart() < hour.plusSeconds(3600).toEpochMilli())
                .extracting(
                        row ->
                                row.size().label()
                                        + " i="
                                        + row.impressions()
                                        + " r"
                                        + row.revision())
                .containsExactlyInAnyOrder(
                        "1m i=1 r1",
                        "5m i=1 r1",
                        "1h i=1 r1",
                        "1m i=2 r2",
                        "5m i=2 r2",
                        "1h i=2 r2");
    }

    @Test
    void aFutureEventMovesNoWindow() {
        List<byte[]> values = new ArrayList<>();
        values.add(click("c1").price("0.1").at(START).json());
        values.add(click("c2").at(NOW.plus(Duration.ofDays(1))).json());
        values.add(click("c3").price("0.2").at(START).json());

        Results results = run(values, 3);

        assertThat(results.rejected.records())
                .singleElement()
                .satisfies(e -> assertThat(e.rejected).isEqualTo(RejectCode.FUTURE_EVENT_TIME));
        assertThat(results.late.records()).isEmpty();
        assertThat(rows(results.rows))
                .hasSize(9)
                .allSatisfy((key, row) -> assertThat(row).contains("total_cost=0.3,"));
    }

    /** What came out. */
    private record Results(
            Collected<MetricsRow> rows,
            Collected<InputEvent> valid,
            Collected<InputEvent> rejected,
            Collected<InputEvent> late,
            Collected<IngestDelta> ingest) {

        /** Totals of all minutes, each as it was last reported. */
        IngestCounts counts() {
            Map<Long, IngestCounts> minutes = new HashMap<>();
            ingest.records().forEach(total -> minutes.put(total.minute, total.counts));
            IngestCounts sum = new IngestCounts();
            minutes.values().forEach(sum::add);
            return sum;
        }
    }

    private static Results run(List<byte[]> values, int parallelism) {
        StreamExecutionEnvironment environment = FLINK.environment(parallelism);
        var events =
                environment
                        .fromSource(
                                new DataGeneratorSource<>(
                                        new Parse(values.toArray(new byte[0][])),
                                        values.size(),
                                        MetricsPipeline.eventType()),
                                WatermarkStrategy.<InputEvent>forGenerator(c -> new EachEvent())
                                        .withTimestampAssigner((event, time) -> event.eventTime),
                                "events")
                        .uid("events")
                        .setParallelism(1);
        var identities = environment.fromData("redis").uid("redis-identities").setParallelism(1);
        var outputs = MetricsPipeline.build(new MetricsPipeline.Inputs(events, identities), CONFIG);
        Results results =
                new Results(
                        FLINK.collect(outputs.rows(), "rows"),
                        FLINK.collect(outputs.valid(), "valid"),
                        FLINK.collect(outputs.rejected(), "rejected"),
                        FLINK.collect(outputs.late(), "late"),
                        FLINK.collect(outputs.ingest(), "ingest"));
        FLINK.collect(outputs.progress(), "progress");
        FLINK.start(environment).awaitFinished();
        return results;
    }

    private static void add(List<byte[]> values, List<ProducerRecord<byte[], byte[]>> records) {
        records.forEach(record -> values.add(record.value()));
    }

    private static ExpectedMetrics expected(List<byte[]> values, LateRule late) {
        MetricsBatchCount count = MetricsBatchCount.with().late(late).build();
        for (int i = 0; i < values.size(); i++) {
            count.add(InputRecord.of(0, i, NOW.toEpochMilli(), values.get(i)));
        }
        return count.expected();
    }

    private static Map<String, String> rows(ExpectedMetrics expected) {
        Map<String, String> rows = new TreeMap<>();
        expected.rows()
                .forEach(
                        (key, row) ->
                                rows.put(
                                        key.entityType()
                                                + " "
                                                + key.entityId()
                                                + " "
                                                + key.window().label()
                                                + " "
                                                + key.windowStart(),
                                        row.numbers()
                                                + " "
                                                + row.campaignId()
                                                + " "
                                                + row.advertiserId()
                                                + " "
                                                + row.category()));
        return rows;
    }

    /** The last row of each closed window. */
    private static Map<String, String> rows(Collected<MetricsRow> collected) {
        Map<String, String> rows = new TreeMap<>();
        for (MetricsRow row : collected.records()) {
            if (row.kind() == MetricsRow.Kind.CLOSED) {
                Map<String, String> numbers = new LinkedHashMap<>();
                numbers.put("impressions", Long.toString(row.impressions()));
                numbers.put("clicks", Long.toString(row.clicks()));
                numbers.put("conversions", Long.toString(row.conversions()));
                numbers.put("total_cost", Micros.format(row.totalCost()));
                numbers.put("total_revenue", Micros.format(row.totalRevenue()));
                numbers.put("ctr", Micros.format(row.ctr()));
                numbers.put("cvr", Micros.format(row.cvr()));
                numbers.put("cpc", Micros.format(row.cpc()));
                rows.put(
                        row.entityType()
                                + " "
                                + row.entityId()
                                + " "
                                + row.size().label()
                                + " "
                                + Instant.ofEpochMilli(row.windowStart()),
                        numbers
                                + " "
                                + row.campaignId()
                                + " "
                                + row.advertiserId()
                                + " "
                                + row.category());
            }
        }
        return rows;
    }

    /** Parses the n-th value, as if it had just arrived. */
    private static final class Parse implements GeneratorFunction<Long, InputEvent> {

        private static final long serialVersionUID = 1;

        private final byte[] @Nullable [] values;
        private final long arrival = NOW.toEpochMilli();
        private transient EventParser parser;

        Parse(byte[] @Nullable [] values) {
            this.values = values;
        }

        @Override
        public void open(SourceReaderContext context) {
            parser = new EventParser(EventContract.AD_EVENTS, ZoneOffset.UTC);
        }

        @Override
        public InputEvent map(Long index) {
            InputEvent event = EventContract.AD_EVENTS.newEvent();
            parser.parse(values[index.intValue()], arrival, event);
            return event;
        }
    }

    /** Ten seconds out of order, told after each event, so that lateness is certain. */
    private static final class EachEvent implements WatermarkGenerator<InputEvent> {

        private long newest = Long.MIN_VALUE;

        @Override
        public void onEvent(InputEvent event, long time, WatermarkOutput output) {
            if (event.rejected == null && event.eventTime > newest) {
                newest = event.eventTime;
                output.emitWatermark(new Watermark(newest - 10_001));
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {}
    }
}
