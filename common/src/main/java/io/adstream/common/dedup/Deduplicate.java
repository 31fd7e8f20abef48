package io.adstream.common.dedup;

import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RejectCode;
import io.adstream.common.ingest.IngestDelta;
import io.adstream.common.ingest.IngestMinutes;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Lets each event id pass once within the horizon, and decides what is late.
 *
 * <p>Verdicts in this order: duplicate (same id, same payload) or {@link RejectCode#ID_CONFLICT};
 * late; valid. Only the ids of valid events are remembered. The input must be keyed by {@link
 * IdPartitions}.
 *
 * <p>This is the one place where lateness is judged, so that all that follows agrees on it. For
 * that, time here never goes back: the watermark is part of the state, and idleness of the input is
 * not passed on (a task after this one waits for all subtasks of this one, so it never knows a
 * later time than the subtask that let an event pass).
 */
public final class Deduplicate extends AbstractStreamOperator<InputEvent>
        implements OneInputStreamOperator<InputEvent, InputEvent> {

    private static final long serialVersionUID = 1L;

    /**
     * The event time of which ids are forgotten together; an id is remembered for the horizon and
     * as much as this longer. It is part of the state and does not follow the horizon: that may
     * change from one start of a job to the next.
     */
    private static final long GENERATION_MILLIS = 600_000;

    /** So many key groups forget at one watermark: forgetting takes time, and needs no haste. */
    private static final int FORGETTING_GROUPS = 4;

    /** Where in an id its topic is mixed in: below the half that chooses the group. */
    private static final int TOPIC_SHIFT = 8;

    private final IdPartitions partitions;
    private final List<String> topics;
    private final long horizonMillis;
    private final @Nullable Lateness lateness;
    private final OutputTag<InputEvent> conflictTag;
    private final OutputTag<InputEvent> lateTag;
    private final OutputTag<IngestDelta> ingestTag;

    private transient DedupState[] groups;
    private transient int firstGroup;
    private transient ListState<Long> watermarkState;
    private transient ListState<Long> purgedState;
    private transient long watermark;
    private transient long purgedBefore;
    private transient long firstLiveGeneration;
    private transient int nextForgetting;
    private transient IngestMinutes[] ingest;
    private transient Counter validEvents;
    private transient Counter duplicateEvents;
    private transient Counter conflictingEvents;
    private transient Counter lateEvents;

    /**
     * @param partitions how the input is keyed
     * @param topic the topic whose records are counted
     * @param horizon how long an id is remembered, in event time
     * @param lateness when an event is late; null where the job takes events of any age
     * @param tags where conflicting and late events and the counts go
     */
    public Deduplicate(
            IdPartitions partitions,
            String topic,
            Duration horizon,
            @Nullable Lateness lateness,
            DedupTags tags) {
        this(partitions, List.of(topic), horizon, lateness, tags);
    }

    /**
     * One for several topics, so that they have one time: the id of a record is known among those
     * of its own topic.
     *
     * @param topics the topics whose records are counted, by {@link InputEvent#topic}
     * @see #Deduplicate(IdPartitions, String, Duration, Lateness, DedupTags)
     */
    public Deduplicate(
            IdPartitions partitions,
            List<String> topics,
            Duration horizon,
            @Nullable Lateness lateness,
            DedupTags tags) {
        this.partitions = partitions;
        this.topics = List.copyOf(topics);
        this.horizonMillis = horizon.toMillis();
        this.lateness = lateness;
        this.conflictTag = tags.conflicts();
        this.lateTag = tags.late();
        this.ingestTag = tags.ingest();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        watermark = Long.MIN_VALUE;
        watermarkState =
                context.getOperatorStateStore()
                        .getUnionListState(new ListStateDescriptor<>("watermark", Types.LONG));
        for (Long restored : watermarkState.get()) {
            watermark = Math.max(watermark, restored);
        }
        purgedBefore = Long.MIN_VALUE;
        purgedState =
                context.getOperatorStateStore()
                        .getUnionListState(new ListStateDescriptor<>("purged-before", Types.LONG));
        for (Long restored : purgedState.get()) {
            purgedBefore = Math.max(purgedBefore, restored);
        }
        purge();

        int maxParallelism = getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks();
        KeyGroupRange range =
                KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                        maxParallelism,
                        getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks(),
                        getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
        firstGroup = range.getStartKeyGroup();
        KeyedStateBackend<Integer> backend = getKeyedStateBackend();
        MapState<Long, byte[]> chunks =
                getPartitionedState(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        DedupState.CHUNKS);
        groups = new DedupState[range.getNumberOfKeyGroups()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = new DedupState(partitions.key(firstGroup + i), backend, chunks);
            if (context.isRestored()) {
                groups[i].restore();
            }
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        firstLiveGeneration = Long.MIN_VALUE;
        ingest = topics.stream().map(IngestMinutes::new).toArray(IngestMinutes[]::new);
        var metrics = getMetricGroup().addGroup("adstream");
        validEvents = metrics.counter("validEvents");
        duplicateEvents = metrics.counter("duplicateEvents");
        conflictingEvents = metrics.counter("conflictingEvents");
        lateEvents = metrics.counter("lateEvents");
        metrics.gauge("dedupIds", this::ids);
        metrics.gauge("dedupBytes", this::bytes);
        for (int all = 0; all < groups.length; all += FORGETTING_GROUPS) {
            forgetOldIds();
        }
    }

    /** The key context is set where state is touched, not for each event. */
    @Override
    @SuppressWarnings("rawtypes") // the signature is Flink's
    public void setKeyContextElement1(StreamRecord element) {}

    @Override
    public boolean hasKeyContext1() {
        return false;
    }

    @Override
    public boolean hasKeyContext() {
        return false;
    }

    @Override
    public void processElement(StreamRecord<InputEvent> element) throws Exception {
        InputEvent event = element.getValue();
        var counts = ingest[event.topic].at(event.kafkaTimestamp);
        if (event.idHash == 0) { // a record without an id is never a duplicate
            if (isLate(event)) {
                counts.late++;
                lateEvents.inc();
                output.collect(lateTag, element);
            } else {
                counts.valid++;
                validEvents.inc();
                output.collect(element);
            }
            return;
        }
        DedupState group = groups[partitions.group(event.idHash) - firstGroup];
        long id = idAmongTopics(event);
        switch (group.find(id, event.payloadHash)) {
            case DUPLICATE -> {
                counts.duplicate++;
                duplicateEvents.inc();
            }
            case CONFLICT -> {
                event.rejected = RejectCode.ID_CONFLICT;
                event.rejectMessage = "event_id is known with other content";
                counts.reject(RejectCode.ID_CONFLICT);
                conflictingEvents.inc();
                output.collect(conflictTag, element);
            }
            case NEW -> {
                if (isLate(event)) {
                    counts.late++;
                    lateEvents.inc();
                    output.collect(lateTag, element);
                    return;
                }
                group.add(
                        id,
                        event.payloadHash,
                        Math.max(generation(event.eventTime), firstLiveGeneration));
                counts.valid++;
                validEvents.inc();
                output.collect(element);
            }
        }
    }

    /** The same id in two topics is two ids. The bits that choose the group stay as they are. */
    private static long idAmongTopics(InputEvent event) {
        long id = event.idHash ^ (long) event.topic << TOPIC_SHIFT;
        return id == 0 ? event.idHash : id;
    }

    private boolean isLate(InputEvent event) {
        return lateness != null && lateness.isLate(event.eventTime, purgedBefore);
    }

    private static long generation(long eventTime) {
        return Math.floorDiv(eventTime, GENERATION_MILLIS);
    }

    private void purge() {
        if (lateness != null) {
            purgedBefore = Math.max(purgedBefore, lateness.purgedBefore(watermark));
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        // The end of a bounded input is no time: what a restored job reads next is not late by it.
        if (mark.getTimestamp() > watermark && mark.getTimestamp() != Long.MAX_VALUE) {
            watermark = mark.getTimestamp();
            purge();
            forgetOldIds();
        }
        // Not the restored watermark: what follows keeps its own.
        super.processWatermark(mark);
    }

    private void forgetOldIds() throws Exception {
        if (watermark == Long.MIN_VALUE) {
            return;
        }
        // An event that is as late as it may be still finds the id that it repeats.
        long latest = lateness == null ? 0 : lateness.longestMillis();
        firstLiveGeneration =
                Math.max(firstLiveGeneration, generation(watermark - horizonMillis - latest));
        for (int i = Math.min(FORGETTING_GROUPS, groups.length); i > 0; i--) {
            nextForgetting = (nextForgetting + 1) % groups.length;
            groups[nextForgetting].forgetBefore(firstLiveGeneration);
        }
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) {
        // Idleness ends here; see the class comment.
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        reportCounts();
    }

    @Override
    public void finish() throws Exception {
        reportCounts();
        super.finish();
    }

    private void reportCounts() {
        for (IngestMinutes minutes : ingest) {
            minutes.drain(delta -> output.collect(ingestTag, new StreamRecord<>(delta)));
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        watermarkState.update(List.of(watermark));
        purgedState.update(List.of(purgedBefore));
        for (DedupState group : groups) {
            group.flush();
        }
    }

    private long ids() {
        long ids = 0;
        for (DedupState group : groups) {
            ids += group.size();
        }
        return ids;
    }

    private long bytes() {
        long bytes = 0;
        for (DedupState group : groups) {
            bytes += group.bytes();
        }
        return bytes;
    }
}
