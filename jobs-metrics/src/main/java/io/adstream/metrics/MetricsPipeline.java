package io.adstream.metrics;

import io.adstream.common.dedup.DedupTags;
import io.adstream.common.dedup.Deduplicate;
import io.adstream.common.dedup.IdPartitions;
import io.adstream.common.dedup.Lateness;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.InputEventType;
import io.adstream.common.ingest.AdmitEvents;
import io.adstream.common.ingest.CountIngest;
import io.adstream.common.ingest.IngestDelta;
import io.adstream.metrics.progress.Progress;
import io.adstream.metrics.progress.ReportProgress;
import io.adstream.metrics.row.MetricsRow;
import io.adstream.metrics.slice.PreAggregate;
import io.adstream.metrics.slice.SliceDeltaType;
import io.adstream.metrics.window.AggregateWindows;
import io.adstream.metrics.window.WindowSize;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * The topology of the metrics job.
 *
 * <pre>
 * events ─ admit-events ─┬─ rejected ──────────────────────────────────────────► rejected
 *                        │ by id partition                                          ▲
 *                   deduplicate ─┬─ conflicts ──────────────────────────────────────┘
 *                        │       ├─ late ─────────────────────────────────────────► late
 *                        │       └─ (valid) ──────────────────────────────────────► valid
 *                  pre-aggregate            counts of both ─ count-ingest ────────► ingest
 *                        │ by entity
 * redisIdentities ─ aggregate-windows ─┬──────────────────────────────────────────► rows
 *                                      └─ report-progress ────────────────────────► progress
 * </pre>
 *
 * <p>Events cross one exchange, with their bytes and without being parsed again. Behind
 * pre-aggregate all costs are per changed entity, not per event.
 */
public final class MetricsPipeline {

    /** The job's short name. */
    public static final String JOB = "metrics";

    private static final InputEventType EVENT =
            new InputEventType(
                    EventContract.AD_EVENTS.stringFields(), EventContract.AD_EVENTS.numberFields());

    private MetricsPipeline() {}

    /** How an event is carried between tasks. */
    public static TypeInformation<InputEvent> eventType() {
        return EVENT;
    }

    /**
     * What the job reads.
     *
     * @param events the parsed records of topic {@code ad-events}, rejected ones included, with
     *     watermarks
     * @param redisIdentities the identity of the Redis server, again and again
     */
    public record Inputs(DataStream<InputEvent> events, DataStream<String> redisIdentities) {}

    /**
     * What the job makes.
     *
     * @param rows closed, live and repeated windows
     * @param valid each valid event once
     * @param rejected rejected records, for the dead-letter topic
     * @param late events that count in no window
     * @param ingest totals per minute, at each checkpoint
     * @param progress how far results are final, after each checkpoint
     */
    public record Outputs(
            DataStream<MetricsRow> rows,
            DataStream<InputEvent> valid,
            DataStream<InputEvent> rejected,
            DataStream<InputEvent> late,
            DataStream<IngestDelta> ingest,
            DataStream<Progress> progress) {

        /** The rows of windows that have ended, each revision once. */
        public DataStream<MetricsRow> closed() {
            return rows.filter(row -> row.kind() == MetricsRow.Kind.CLOSED)
                    .uid("closed-rows")
                    .name("closed-rows");
        }
    }

    public static Outputs build(Inputs inputs, MetricsConfig config) {
        OutputTag<InputEvent> rejectedTag = new OutputTag<>("rejected", EVENT);
        DedupTags tags = DedupTags.of(EVENT);
        SingleOutputStreamOperator<InputEvent> admitted =
                inputs.events()
                        .transform(
                                "admit-events",
                                EVENT,
                                new AdmitEvents(
                                        EventContract.AD_EVENTS.topic(),
                                        rejectedTag,
                                        tags.ingest()))
                        .uid("admit-events");

        IdPartitions partitions = IdPartitions.of(admitted.getExecutionEnvironment());
        SingleOutputStreamOperator<InputEvent> valid =
                admitted.keyBy(partitions)
                        .transform(
                                "deduplicate",
                                EVENT,
                                new Deduplicate(
                                        partitions,
                                        EventContract.AD_EVENTS.topic(),
                                        config.dedupHorizon(),
                                        Lateness.of(
                                                Duration.ofMillis(WindowSize.ONE_MINUTE.millis()),
                                                config.allowedLateness()),
                                        tags))
                        .uid("deduplicate");

        SingleOutputStreamOperator<MetricsRow> rows =
                valid.transform("pre-aggregate", SliceDeltaType.INSTANCE, new PreAggregate())
                        .uid("pre-aggregate")
                        .keyBy(delta -> delta.entityKey, Types.STRING)
                        .connect(inputs.redisIdentities().broadcast())
                        .transform(
                                "aggregate-windows",
                                TypeInformation.of(MetricsRow.class),
                                new AggregateWindows(
                                        config.allowedLateness(),
                                        config.liveInterval(),
                                        config.liveIntervalBehind(),
                                        config.maxWrites()))
                        .uid("aggregate-windows");

        SingleOutputStreamOperator<Progress> progress =
                rows.filter(row -> false)
                        .uid("watermarks-only")
                        .name("watermarks-only")
                        .global()
                        .transform(
                                "report-progress",
                                TypeInformation.of(Progress.class),
                                new ReportProgress(JOB, config.allowedLateness()))
                        .uid("report-progress")
                        .forceNonParallel();

        SingleOutputStreamOperator<IngestDelta> ingest =
                admitted.getSideOutput(tags.ingest())
                        .union(valid.getSideOutput(tags.ingest()))
                        .keyBy(delta -> delta.topic, Types.STRING)
                        .transform(
                                "count-ingest",
                                TypeInformation.of(IngestDelta.class),
                                new CountIngest())
                        .uid("count-ingest");

        return new Outputs(
                rows,
                valid,
                admitted.getSideOutput(rejectedTag).union(valid.getSideOutput(tags.conflicts())),
                valid.getSideOutput(tags.late()),
                ingest,
                progress);
    }
}
