package io.adstream.common.dedup;

import io.adstream.common.ParsedEvents;
import io.adstream.common.event.InputEvent;
import io.adstream.common.ingest.IngestCounts;
import io.adstream.common.ingest.IngestDelta;
import io.adstream.testing.events.EventJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** All subtasks of {@link Deduplicate}, with events sent to the one that Flink would choose. */
final class DedupSubtasks implements AutoCloseable {

    /** What became of an event. */
    enum Verdict {
        VALID,
        DUPLICATE,
        CONFLICT,
        LATE
    }

    enum Backend {
        HASHMAP(HashMapStateBackend::new),
        ROCKSDB(EmbeddedRocksDBStateBackend::new);

        @SuppressWarnings("ImmutableEnumChecker") // makes a new one each time
        private final Supplier<StateBackend> maker;

        Backend(Supplier<StateBackend> maker) {
            this.maker = maker;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** State of all subtasks together, as a checkpoint holds it. */
    record Snapshot(OperatorSubtaskState state, int parallelism) {
        long bytes() {
            return state.getManagedKeyedState().stream().mapToLong(s -> s.getStateSize()).sum();
        }
    }

    static final int MAX_PARALLELISM = 16;
    static final DedupTags TAGS = DedupTags.of(ParsedEvents.TYPE);

    private static final IdPartitions PARTITIONS = new IdPartitions(MAX_PARALLELISM);

    private final List<KeyedOneInputStreamOperatorTestHarness<Integer, InputEvent, InputEvent>>
            subtasks = new ArrayList<>();
    private long checkpoint;

    /** How the operator is set up. */
    record Setup(Backend backend, Duration horizon, @Nullable Lateness lateness) {

        DedupSubtasks start() throws Exception {
            return new DedupSubtasks(this, 1, null);
        }

        DedupSubtasks restore(Snapshot snapshot, int parallelism) throws Exception {
            return new DedupSubtasks(this, parallelism, snapshot);
        }
    }

    private DedupSubtasks(Setup setup, int parallelism, @Nullable Snapshot snapshot)
            throws Exception {
        for (int index = 0; index < parallelism; index++) {
            var subtask =
                    new KeyedOneInputStreamOperatorTestHarness<>(
                            new Deduplicate(
                                    PARTITIONS,
                                    List.of("ad-events", "commerce-events"),
                                    setup.horizon(),
                                    setup.lateness(),
                                    TAGS),
                            PARTITIONS,
                            Types.INT,
                            MAX_PARALLELISM,
                            parallelism,
                            index);
            subtask.setStateBackend(setup.backend().maker.get());
            subtask.setCheckpointStorage(new JobManagerCheckpointStorage(64 << 20));
            subtask.setup(ParsedEvents.TYPE.createSerializer(null));
            if (snapshot == null) {
                subtask.initializeEmptyState();
            } else {
                subtask.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                snapshot.state(),
                                MAX_PARALLELISM,
                                snapshot.parallelism(),
                                parallelism,
                                index));
            }
            subtask.open();
            subtasks.add(subtask);
        }
    }

    /** Sends an event that arrives when it happens, and tells what became of it. */
    Verdict send(EventJson<?> json, String time) throws Exception {
        return send(json, Instant.parse(time));
    }

    /** Sends an event that arrives when it happens, and tells what became of it. */
    Verdict send(EventJson<?> json, Instant time) throws Exception {
        return send(ParsedEvents.adEvent(json.at(time), time));
    }

    Verdict send(InputEvent event) throws Exception {
        var subtask =
                subtasks.get(
                        KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                PARTITIONS.getKey(event), MAX_PARALLELISM, subtasks.size()));
        subtask.processElement(new StreamRecord<>(event, event.eventTime));
        boolean valid = subtask.getOutput().removeIf(StreamRecord.class::isInstance);
        boolean conflict = clear(subtask.getSideOutput(TAGS.conflicts()));
        boolean late = clear(subtask.getSideOutput(TAGS.late()));
        if ((valid ? 1 : 0) + (conflict ? 1 : 0) + (late ? 1 : 0) > 1) {
            throw new AssertionError("more than one exit");
        }
        return valid
                ? Verdict.VALID
                : conflict ? Verdict.CONFLICT : late ? Verdict.LATE : Verdict.DUPLICATE;
    }

    private static boolean clear(java.util.@Nullable Collection<?> output) {
        boolean some = output != null && !output.isEmpty();
        if (some) {
            output.clear();
        }
        return some;
    }

    /** Lets event time reach an instant in as many steps as it takes to forget all old ids. */
    void passed(Instant time) throws Exception {
        for (int step = MAX_PARALLELISM; step >= 0; step--) {
            watermark(time.minusMillis(step));
        }
    }

    /** Lets time reach an instant in every subtask. */
    void watermark(Instant time) throws Exception {
        for (var subtask : subtasks) {
            subtask.processWatermark(new Watermark(time.toEpochMilli()));
        }
    }

    /** What came out beside records: watermarks and statuses. */
    List<Object> control() {
        List<Object> control = new ArrayList<>();
        for (var subtask : subtasks) {
            control.addAll(subtask.getOutput());
        }
        return control;
    }

    KeyedOneInputStreamOperatorTestHarness<Integer, InputEvent, InputEvent> only() {
        if (subtasks.size() != 1) {
            throw new IllegalStateException(subtasks.size() + " subtasks");
        }
        return subtasks.get(0);
    }

    /** A checkpoint of all subtasks. */
    Snapshot snapshot() throws Exception {
        checkpoint++;
        List<OperatorSubtaskState> states = new ArrayList<>();
        for (var subtask : subtasks) {
            subtask.prepareSnapshotPreBarrier(checkpoint);
            states.add(subtask.snapshot(checkpoint, checkpoint));
        }
        return new Snapshot(
                AbstractStreamOperatorTestHarness.repackageState(
                        states.toArray(new OperatorSubtaskState[0])),
                subtasks.size());
    }

    /** What was counted and reported since the latest call. */
    IngestCounts counts() {
        IngestCounts counts = new IngestCounts();
        countsByTopic().values().forEach(counts::add);
        return counts;
    }

    /** The same for each topic. */
    Map<String, IngestCounts> countsByTopic() {
        Map<String, IngestCounts> counts = new HashMap<>();
        for (var subtask : subtasks) {
            var reports = subtask.getSideOutput(TAGS.ingest());
            if (reports != null) {
                for (StreamRecord<IngestDelta> report : reports) {
                    IngestDelta delta = report.getValue();
                    counts.computeIfAbsent(delta.topic, topic -> new IngestCounts())
                            .add(delta.counts);
                }
                reports.clear();
            }
        }
        return counts;
    }

    /** Entries of keyed state in all subtasks. */
    long stateEntries() throws Exception {
        long entries = 0;
        for (var subtask : subtasks) {
            var backend = subtask.getOperator().<Integer>getKeyedStateBackend();
            try (var keys = backend.getKeys(DedupState.CHUNKS.getName(), VoidNamespace.INSTANCE)) {
                entries += keys.count();
            }
        }
        return entries;
    }

    @Override
    public void close() throws Exception {
        for (var subtask : subtasks) {
            subtask.close();
        }
    }
}
