package io.adstream.metrics.window;

import io.adstream.metrics.row.MetricsRow;
import io.adstream.metrics.slice.SliceDelta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/**
 * All subtasks of {@link AggregateWindows}, with deltas sent to the one that Flink would choose.
 */
final class WindowSubtasks implements AutoCloseable {

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
    record Snapshot(OperatorSubtaskState state, int parallelism) {}

    /** How the operator is set up; tests send deltas that arrived long ago. */
    record Setup(
            Backend backend,
            Duration lateness,
            Duration liveInterval,
            Duration longestInterval,
            int maxWrites) {

        Setup on(Backend other) {
            return new Setup(other, lateness, liveInterval, longestInterval, maxWrites);
        }

        Setup writesPerSecond(int most) {
            return new Setup(backend, lateness, liveInterval, longestInterval, most);
        }

        Setup lateBy(Duration most) {
            return new Setup(backend, most, liveInterval, longestInterval, maxWrites);
        }

        Setup stretchingTo(Duration longest) {
            return new Setup(backend, lateness, liveInterval, longest, maxWrites);
        }

        WindowSubtasks start() throws Exception {
            return new WindowSubtasks(this, 1, null);
        }

        WindowSubtasks restore(Snapshot snapshot, int parallelism) throws Exception {
            return new WindowSubtasks(this, parallelism, snapshot);
        }
    }

    private static final Duration LIVE_INTERVAL = Duration.ofMillis(900);

    /** The defaults of the metrics job, but for an interval that does not stretch. */
    static final Setup DEFAULTS =
            new Setup(Backend.HASHMAP, Duration.ofMinutes(5), LIVE_INTERVAL, LIVE_INTERVAL, 50_000);

    private static final int MAX_PARALLELISM = 16;

    /** The wall clock at the start, unlike any event time of the tests. */
    private static final long CLOCK = Instant.parse("2030-01-01T00:00:00Z").toEpochMilli();

    private final List<
                    KeyedTwoInputStreamOperatorTestHarness<String, SliceDelta, String, MetricsRow>>
            subtasks = new ArrayList<>();
    private long checkpoint;

    private WindowSubtasks(Setup setup, int parallelism, @Nullable Snapshot snapshot)
            throws Exception {
        for (int index = 0; index < parallelism; index++) {
            var subtask =
                    new KeyedTwoInputStreamOperatorTestHarness<
                            String, SliceDelta, String, MetricsRow>(
                            new AggregateWindows(
                                    setup.lateness(),
                                    setup.liveInterval(),
                                    setup.longestInterval(),
                                    setup.maxWrites()),
                            delta -> delta.entityKey,
                            null,
                            Types.STRING,
                            MAX_PARALLELISM,
                            parallelism,
                            index);
            subtask.setStateBackend(setup.backend().maker.get());
            subtask.setup(
                    TypeInformation.of(MetricsRow.class)
                            .createSerializer(subtask.getExecutionConfig().getSerializerConfig()));
            subtask.setProcessingTime(CLOCK);
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

    /** Sends a copy of each delta to its subtask. */
    void add(List<SliceDelta> deltas) throws Exception {
        for (SliceDelta delta : deltas) {
            subtasks.get(
                            KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                    delta.entityKey, MAX_PARALLELISM, subtasks.size()))
                    .processElement1(new StreamRecord<>(delta));
        }
    }

    /** Lets event time reach an instant in every subtask. */
    void watermark(String time) throws Exception {
        watermark(Instant.parse(time).toEpochMilli());
    }

    void watermark(long time) throws Exception {
        for (var subtask : subtasks) {
            subtask.processWatermark1(new Watermark(time));
        }
    }

    /** Lets every subtask know which Redis server answers. */
    void redis(String identity) throws Exception {
        for (var subtask : subtasks) {
            subtask.processElement2(new StreamRecord<>(identity));
        }
    }

    /** Lets the wall clock go on in steps, as fine as timers are. */
    void wait(Duration duration) throws Exception {
        long until = clock() + duration.toMillis();
        while (clock() < until) {
            for (var subtask : subtasks) {
                subtask.setProcessingTime(Math.min(until, subtask.getProcessingTime() + 10));
            }
        }
    }

    /** Lets the wall clock go on at once. */
    void skip(Duration duration) throws Exception {
        for (var subtask : subtasks) {
            subtask.setProcessingTime(subtask.getProcessingTime() + duration.toMillis());
        }
    }

    long clock() {
        return subtasks.get(0).getProcessingTime();
    }

    /** The rows since the latest call. */
    List<MetricsRow> rows() {
        List<MetricsRow> rows = new ArrayList<>();
        for (var subtask : subtasks) {
            rows.addAll(subtask.extractOutputValues());
            subtask.getOutput().removeIf(StreamRecord.class::isInstance);
        }
        return rows;
    }

    /** What came out beside rows: watermarks and statuses. */
    List<Object> control() {
        List<Object> control = new ArrayList<>();
        for (var subtask : subtasks) {
            subtask.getOutput().stream()
                    .filter(element -> !(element instanceof StreamRecord))
                    .forEach(control::add);
            subtask.getOutput().clear();
        }
        return control;
    }

    KeyedTwoInputStreamOperatorTestHarness<String, SliceDelta, String, MetricsRow> only() {
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

    /** Entities in keyed state, in all subtasks. */
    long stateEntries() throws Exception {
        long entries = 0;
        for (var subtask : subtasks) {
            var backend = subtask.getOperator().<String>getKeyedStateBackend();
            try (var keys = backend.getKeys("entity-windows", VoidNamespace.INSTANCE)) {
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
