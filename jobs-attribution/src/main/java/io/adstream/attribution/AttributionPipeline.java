package io.adstream.attribution;

import io.adstream.attribution.hour.AdDelta;
import io.adstream.attribution.hour.AdHour;
import io.adstream.attribution.hour.CountClicks;
import io.adstream.attribution.hour.RollHours;
import io.adstream.attribution.match.Match;
import io.adstream.attribution.match.MatchConversions;
import io.adstream.attribution.resolve.ResolveConversions;
import io.adstream.attribution.result.Attribution;
import io.adstream.attribution.result.CreditedTouch;
import io.adstream.attribution.touch.Conversion;
import io.adstream.attribution.touch.KeyEvent;
import io.adstream.attribution.touch.LateEvents;
import io.adstream.attribution.touch.SplitByIdentity;
import io.adstream.common.dedup.DedupTags;
import io.adstream.common.dedup.Deduplicate;
import io.adstream.common.dedup.IdPartitions;
import io.adstream.common.dedup.Lateness;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.InputEventType;
import io.adstream.common.ingest.AdmitEvents;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * The topology of the attribution job.
 *
 * <pre>
 * events ─ admit-events ─┬─ rejected ─────────────────────────────────────────────────► rejected
 *                        │ by id partition                                                 ▲
 *                   deduplicate ─┬─ conflicts ─────────────────────────────────────────────┘
 *                        │       └─ late ─ late-events ────────────────┐
 *                        │ (clicks and conversions)                    │ late conversions
 *              split-by-identity ─┬─ conversions ──────────────────────┴──┐
 *                        │        ├─ by session ─ match-by-session ─┐     │ by conversion
 *                        │        └─ by device ── match-by-device ──┴─ resolve-conversions ─► results
 *                        │                                                │
 *                  count-clicks                                    count-conversions
 *                        └───────────────────────┬────────────────────────┘
 *                                                │ by ad
 * redisIdentities ───────────────────────── roll-hours ───────────────────────────────────► hours
 * </pre>
 *
 * <p>Lateness is judged once, in deduplicate: what passes it is known before the watermark reaches
 * it, in every task behind. Conversions wait for the watermark twice, where they are matched and
 * where they are resolved, so that results do not depend on the order of arrival.
 */
public final class AttributionPipeline {

    /** The job's short name. */
    public static final String JOB = "attribution";

    private static final InputEventType EVENT =
            new InputEventType(
                    EventContract.AD_EVENTS.stringFields(), EventContract.AD_EVENTS.numberFields());

    /** An event is late as soon as the watermark has reached it. */
    private static final Lateness LATENESS = Lateness.of(Duration.ofMillis(1), Duration.ZERO);

    private AttributionPipeline() {}

    /** How an event is carried between tasks. */
    public static TypeInformation<InputEvent> eventType() {
        return EVENT;
    }

    /**
     * What the job reads.
     *
     * @param events the parsed records of topic {@code ad-events}, rejected and skipped ones
     *     included, with watermarks; impressions are skipped
     * @param redisIdentities the identity of the Redis server, again and again
     */
    public record Inputs(DataStream<InputEvent> events, DataStream<String> redisIdentities) {}

    /**
     * What the job makes.
     *
     * @param results one per conversion
     * @param hours the rolling hours of ads
     * @param rejected rejected records; another job sends them to the dead-letter topic
     * @param late clicks and conversions that came too late
     */
    public record Outputs(
            DataStream<Attribution> results,
            DataStream<AdHour> hours,
            DataStream<InputEvent> rejected,
            DataStream<InputEvent> late) {}

    public static Outputs build(Inputs inputs, AttributionConfig config) {
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
                                        LATENESS,
                                        tags))
                        .uid("deduplicate");

        SingleOutputStreamOperator<Conversion> conversions =
                valid.process(new SplitByIdentity(), SplitByIdentity.conversionType())
                        .uid("split-by-identity")
                        .name("split-by-identity");
        SingleOutputStreamOperator<Conversion> lateConversions =
                valid.getSideOutput(tags.late())
                        .flatMap(new LateEvents(), SplitByIdentity.conversionType())
                        .uid("late-events")
                        .name("late-events");

        SingleOutputStreamOperator<Attribution> results =
                conversions
                        .union(lateConversions)
                        .keyBy(Conversion::conversionId, Types.STRING)
                        .connect(
                                matches(
                                                conversions.getSideOutput(SplitByIdentity.SESSIONS),
                                                Tier.SESSION,
                                                config)
                                        .uid("match-by-session")
                                        .name("match-by-session")
                                        .union(
                                                matches(
                                                                conversions.getSideOutput(
                                                                        SplitByIdentity.DEVICES),
                                                                Tier.DEVICE,
                                                                config)
                                                        .uid("match-by-device")
                                                        .name("match-by-device"))
                                        .keyBy(Match::conversionId, Types.STRING))
                        .process(
                                new ResolveConversions(config.halfLife(), config.dedupHorizon()),
                                TypeInformation.of(Attribution.class))
                        .uid("resolve-conversions")
                        .name("resolve-conversions");

        SingleOutputStreamOperator<AdHour> hours =
                valid.transform(
                                "count-clicks",
                                TypeInformation.of(AdDelta.class),
                                new CountClicks())
                        .uid("count-clicks")
                        .union(
                                results.flatMap(
                                                AttributionPipeline::countConversion,
                                                TypeInformation.of(AdDelta.class))
                                        .uid("count-conversions")
                                        .name("count-conversions"))
                        .keyBy(AdDelta::adId, Types.STRING)
                        .connect(inputs.redisIdentities().broadcast())
                        .transform("roll-hours", TypeInformation.of(AdHour.class), new RollHours())
                        .uid("roll-hours");

        return new Outputs(
                results,
                hours,
                admitted.getSideOutput(rejectedTag).union(valid.getSideOutput(tags.conflicts())),
                valid.getSideOutput(tags.late()));
    }

    private static SingleOutputStreamOperator<Match> matches(
            DataStream<KeyEvent> events, Tier tier, AttributionConfig config) {
        return events.keyBy(KeyEvent::key, Types.STRING)
                .process(
                        new MatchConversions(
                                tier, config.window(), config.advertiserScope(), config.limits()),
                        TypeInformation.of(Match.class));
    }

    private static void countConversion(Attribution result, Collector<AdDelta> out) {
        CreditedTouch credited = result.credited();
        if (credited != null) {
            out.collect(
                    new AdDelta(
                            credited.touch().adId(),
                            AdDelta.minuteOf(result.conversionTime()),
                            0,
                            1,
                            result.value()));
        }
    }
}
