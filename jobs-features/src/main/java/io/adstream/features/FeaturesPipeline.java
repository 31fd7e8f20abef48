package io.adstream.features;

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
import io.adstream.features.event.ProjectUsers;
import io.adstream.features.event.UserEvent;
import io.adstream.features.event.UserEventSerializer;
import io.adstream.features.hour.SlidingHour;
import io.adstream.features.hour.UserFeatures;
import io.adstream.features.profile.ProfileRow;
import io.adstream.features.retarget.RetargetingRow;
import io.adstream.features.retarget.SignalNotice;
import io.adstream.features.session.SessionRow;
import io.adstream.features.user.TrackUsers;
import io.adstream.features.user.UserTags;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * The topology of the features job.
 *
 * <pre>
 * commerce ─ admit-commerce-events ─┬─ rejected ──────────────────────────────────────► rejected
 * ads ────── admit-ad-events ───────┤                                                      ▲
 *                                   │ by id partition                                      │
 *                              deduplicate ─┬─ conflicts (of commerce) ────────────────────┘
 *                                   │       ├─ late ──────────────────────────────────────► late
 *                                   │       └─ late purchases ─ project-late-purchases ──┐
 *                                   │                   counts ─ count-ingest ───────────┼► ingest
 *                             project-users                                              │
 *                                   │ by user                                            │
 * redisIdentities ───────────── track-users ◄────────────────────────────────────────────┘
 *                                   └─► hours, sessions, profiles, minutes, signals, retargeting
 * </pre>
 *
 * <p>Both topics go through one deduplication, so that they have one time and lateness is judged
 * once: where one of them is silent it holds the other up no more than an idle partition does. What
 * passes is known before the watermark reaches the end of its last hour.
 */
public final class FeaturesPipeline {

    /** The job's short name. */
    public static final String JOB = "features";

    /** By {@link InputEvent#topic}. */
    private static final List<EventContract> TOPICS =
            List.of(EventContract.COMMERCE_EVENTS, EventContract.AD_EVENTS);

    private static final InputEventType EVENT =
            InputEventType.of(TOPICS.toArray(EventContract[]::new));

    private FeaturesPipeline() {}

    /** How an event of either topic is carried between tasks. */
    public static TypeInformation<InputEvent> eventType() {
        return EVENT;
    }

    /**
     * What the job reads.
     *
     * @param commerce the parsed records of topic {@code commerce-events}, {@link
     *     ProjectUsers#COMMERCE}, rejected ones included, with watermarks
     * @param ads the same of {@code ad-events}, {@link ProjectUsers#ADS}; null where they are not
     *     read
     * @param redisIdentities the identity of the Redis server, again and again
     */
    public record Inputs(
            DataStream<InputEvent> commerce,
            @Nullable DataStream<InputEvent> ads,
            DataStream<String> redisIdentities) {}

    /**
     * What the job makes.
     *
     * @param hours what each user did in the shop in each hour
     * @param sessions sessions of users, and removals of those that were merged into others
     * @param profiles interests as they are, for Redis
     * @param minutes interests at the end of minutes, to be sent on
     * @param signals signals that begin or are settled
     * @param retargeting the signals of a user that are in force
     * @param rejected rejected commerce records, for the dead-letter topic
     * @param late events that count in no hour and no session
     * @param ingest totals of commerce events per minute, at each checkpoint
     */
    public record Outputs(
            DataStream<UserFeatures> hours,
            DataStream<SessionRow> sessions,
            DataStream<ProfileRow> profiles,
            DataStream<ProfileRow> minutes,
            DataStream<SignalNotice> signals,
            DataStream<RetargetingRow> retargeting,
            DataStream<InputEvent> rejected,
            DataStream<InputEvent> late,
            DataStream<IngestDelta> ingest) {}

    public static Outputs build(Inputs inputs, FeaturesConfig config) {
        OutputTag<InputEvent> rejectedTag = new OutputTag<>("rejected", EVENT);
        DedupTags tags = DedupTags.of(EVENT);
        SingleOutputStreamOperator<InputEvent> commerce =
                admit(inputs.commerce(), ProjectUsers.COMMERCE, rejectedTag, tags);
        DataStream<InputEvent> admitted = commerce;
        if (inputs.ads() != null) {
            admitted = commerce.union(admit(inputs.ads(), ProjectUsers.ADS, rejectedTag, tags));
        }

        IdPartitions partitions = IdPartitions.of(admitted.getExecutionEnvironment());
        SingleOutputStreamOperator<InputEvent> valid =
                admitted.keyBy(partitions)
                        .transform(
                                "deduplicate",
                                EVENT,
                                new Deduplicate(
                                        partitions,
                                        TOPICS.stream().map(EventContract::topic).toList(),
                                        config.dedupHorizon(),
                                        lateness(config.allowedLateness()),
                                        tags))
                        .uid("deduplicate");
        DataStream<InputEvent> late = valid.getSideOutput(tags.late());

        SingleOutputStreamOperator<UserEvent> users =
                valid.flatMap(ProjectUsers.valid())
                        .returns(UserEventSerializer.TYPE)
                        .uid("project-users")
                        .name("project-users");
        SingleOutputStreamOperator<UserEvent> latePurchases =
                late.flatMap(ProjectUsers.late())
                        .returns(UserEventSerializer.TYPE)
                        .uid("project-late-purchases")
                        .name("project-late-purchases");
        SingleOutputStreamOperator<UserFeatures> hours =
                users.union(latePurchases)
                        .keyBy(UserEvent::userId, Types.STRING)
                        .connect(inputs.redisIdentities().broadcast())
                        .transform(
                                "track-users",
                                TypeInformation.of(UserFeatures.class),
                                new TrackUsers(
                                        config.rules(),
                                        config.usersOnHeap(),
                                        config.profileInterval()))
                        .uid("track-users");

        SingleOutputStreamOperator<IngestDelta> ingest =
                commerce.getSideOutput(tags.ingest())
                        .union(
                                valid.getSideOutput(tags.ingest())
                                        .filter(FeaturesPipeline::isOfCommerce)
                                        .uid("commerce-counts")
                                        .name("commerce-counts"))
                        .keyBy(delta -> delta.topic, Types.STRING)
                        .transform(
                                "count-ingest",
                                TypeInformation.of(IngestDelta.class),
                                new CountIngest())
                        .uid("count-ingest");
        DataStream<InputEvent> conflicts =
                valid.getSideOutput(tags.conflicts())
                        .filter(event -> event.topic == ProjectUsers.COMMERCE)
                        .uid("commerce-conflicts")
                        .name("commerce-conflicts");

        return new Outputs(
                hours,
                hours.getSideOutput(UserTags.SESSIONS),
                hours.getSideOutput(UserTags.PROFILES),
                hours.getSideOutput(UserTags.MINUTES),
                hours.getSideOutput(UserTags.SIGNALS),
                hours.getSideOutput(UserTags.RETARGETING),
                commerce.getSideOutput(rejectedTag).union(conflicts),
                late,
                ingest);
    }

    /** An event is late when the last of its hours can no longer be amended. */
    static Lateness lateness(Duration allowed) {
        return Lateness.of(
                Duration.ofMillis(SlidingHour.SLIDE),
                allowed.plusMillis(SlidingHour.WINDOW - SlidingHour.SLIDE));
    }

    private static boolean isOfCommerce(IngestDelta delta) {
        return delta.topic.equals(TOPICS.get(ProjectUsers.COMMERCE).topic());
    }

    private static SingleOutputStreamOperator<InputEvent> admit(
            DataStream<InputEvent> events,
            int topic,
            OutputTag<InputEvent> rejectedTag,
            DedupTags tags) {
        String name = topic == ProjectUsers.COMMERCE ? "admit-commerce-events" : "admit-ad-events";
        return events.transform(
                        name,
                        EVENT,
                        new AdmitEvents(TOPICS.get(topic).topic(), rejectedTag, tags.ingest()))
                .uid(name);
    }
}
