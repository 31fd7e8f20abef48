package io.adstream.attribution;

import io.adstream.attribution.hour.AdHour;
import io.adstream.attribution.result.Attribution;
import io.adstream.common.event.AdEvents;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.EventParser;
import io.adstream.common.event.InputEvent;
import io.adstream.testing.flink.Collected;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The topology on bounded input, without connectors; time moves with each event. */
final class AttributionRuns {

    /** When every record arrives. */
    static final Instant NOW = Instant.parse("2100-01-01T00:00:00Z");

    private AttributionRuns() {}

    /** What came out. */
    record Results(
            Collected<Attribution> results,
            Collected<AdHour> hours,
            Collected<InputEvent> rejected,
            Collected<InputEvent> late,
            RunningJob job) {}

    /** Makes the records of an input wherever they are needed, so that no job carries them. */
    interface Records extends Supplier<List<byte[]>>, java.io.Serializable {}

    static Results run(
            FlinkCluster flink, Records records, int parallelism, AttributionConfig config) {
        return run(flink, records, parallelism, config, Map.of());
    }

    static Results run(
            FlinkCluster flink,
            Records records,
            int parallelism,
            AttributionConfig config,
            Map<String, String> options) {
        StreamExecutionEnvironment environment = flink.environment(parallelism, options);
        var events =
                environment
                        .fromSource(
                                new DataGeneratorSource<>(
                                        new Parse(records),
                                        records.get().size(),
                                        AttributionPipeline.eventType()),
                                WatermarkStrategy.<InputEvent>forGenerator(c -> new EachEvent())
                                        .withTimestampAssigner((event, time) -> event.eventTime),
                                "events")
                        .uid("events")
                        .setParallelism(1);
        var identities = environment.fromData("redis").uid("redis-identities").setParallelism(1);
        var outputs =
                AttributionPipeline.build(
                        new AttributionPipeline.Inputs(events, identities), config);
        var found = flink.collect(outputs.results(), "results");
        var hours = flink.collect(outputs.hours(), "hours");
        var rejected = flink.collect(outputs.rejected(), "rejected");
        var late = flink.collect(outputs.late(), "late");
        RunningJob job = flink.start(environment);
        job.awaitFinished();
        return new Results(found, hours, rejected, late, job);
    }

    /** Parses the n-th value, as if it had just arrived. */
    private static final class Parse implements GeneratorFunction<Long, InputEvent> {

        private static final long serialVersionUID = 1;

        private final Records records;
        private transient List<byte[]> values;
        private transient EventParser parser;

        Parse(Records records) {
            this.records = records;
        }

        @Override
        public void open(SourceReaderContext context) {
            values = records.get();
            parser =
                    new EventParser(
                            EventContract.AD_EVENTS, ZoneOffset.UTC, 1 << AdEvents.IMPRESSION);
        }

        @Override
        public InputEvent map(Long index) {
            InputEvent event = EventContract.AD_EVENTS.newEvent();
            parser.parse(values.get(index.intValue()), NOW.toEpochMilli(), event);
            return event;
        }
    }

    /** As far out of order as journeys are, told after each event, so that lateness is certain. */
    private static final class EachEvent implements WatermarkGenerator<InputEvent> {

        private long newest = Long.MIN_VALUE;

        @Override
        public void onEvent(InputEvent event, long time, WatermarkOutput output) {
            if (event.rejected == null && event.eventTime > newest) {
                newest = event.eventTime;
                output.emitWatermark(new Watermark(newest - Journeys.DISORDER - 1));
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {}
    }
}
