package io.adstream.attribution.match;

import io.adstream.attribution.ParsedEvents;
import io.adstream.attribution.Tier;
import io.adstream.attribution.touch.ConversionBytes;
import io.adstream.attribution.touch.KeyEvent;
import io.adstream.attribution.touch.TouchBytes;
import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;
import io.adstream.testing.events.AdEventJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/**
 * All subtasks of {@link MatchConversions}, with events sent to the one that Flink would choose.
 */
final class MatchSubtasks implements AutoCloseable {

    enum Backend {
        HASHMAP(HashMapStateBackend::new),
        ROCKSDB(EmbeddedRocksDBStateBackend::new);

        @SuppressWarnings("ImmutableEnumChecker") // makes a new one each time
        private final Supplier<StateBackend> maker;

        Backend(Supplier<StateBackend> maker) {
            this.maker = maker;
        }
    }

    /** State of all subtasks together, as a checkpoint holds it. */
    record Snapshot(OperatorSubtaskState state, int parallelism) {}

    private static final int MAX_PARALLELISM = 16;

    /** Everything that the operator keeps of keys. */
    private static final List<String> STATES =
            List.of(
                    "open-clicks",
                    "click-directory",
                    "click-pages",
                    "waiting-conversions",
                    "partial-matches",
                    "sharedBuffer-entries",
                    "sharedBuffer-events",
                    "sharedBuffer-events-count");

    private final List<KeyedOneInputStreamOperatorTestHarness<String, KeyEvent, Match>> subtasks =
            new ArrayList<>();
    private long checkpoint;

    MatchSubtasks(Backend backend, PathLimits limits) throws Exception {
        this(backend, limits, 1, null);
    }

    MatchSubtasks(Backend backend, PathLimits limits, int parallelism, @Nullable Snapshot snapshot)
            throws Exception {
        for (int index = 0; index < parallelism; index++) {
            var subtask =
                    new KeyedOneInputStreamOperatorTestHarness<String, KeyEvent, Match>(
                            new KeyedProcessOperator<>(
                                    new MatchConversions(
                                            Tier.SESSION, Duration.ofHours(24), true, limits)),
                            KeyEvent::key,
                            Types.STRING,
                            MAX_PARALLELISM,
                            parallelism,
                            index);
            subtask.setStateBackend(backend.maker.get());
            subtask.setup(
                    TypeInformation.of(Match.class)
                            .createSerializer(subtask.getExecutionConfig().getSerializerConfig()));
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

    /** Sends an event by its session. */
    void send(AdEventJson json) throws Exception {
        InputEvent event = ParsedEvents.parse(json);
        boolean click = event.eventType == AdEvents.CLICK;
        String key = event.string(AdEvents.SESSION_ID);
        subtasks.get(
                        KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                key, MAX_PARALLELISM, subtasks.size()))
                .processElement(
                        new KeyEvent(
                                click ? KeyEvent.Kind.CLICK : KeyEvent.Kind.CONVERSION,
                                key,
                                event.eventTime,
                                click ? TouchBytes.of(event) : ConversionBytes.of(event)),
                        event.eventTime);
    }

    void watermark(long time) throws Exception {
        for (var subtask : subtasks) {
            subtask.processWatermark(new Watermark(time));
        }
    }

    /** The matches since the latest call: {@code v1: c1 c2}, with a plus where truncated. */
    List<String> matches() {
        List<String> matches = new ArrayList<>();
        for (var subtask : subtasks) {
            subtask.extractOutputValues().forEach(match -> matches.add(describe(match)));
            subtask.getOutput().clear();
        }
        return matches;
    }

    private static String describe(Match match) {
        StringBuilder text = new StringBuilder(match.conversionId()).append(':');
        TouchBytes.Cursor cursor = new TouchBytes.Cursor(match.path());
        while (cursor.advance()) {
            text.append(' ').append(cursor.touch().clickId());
        }
        return text.append(match.truncated() ? " +" : "").toString();
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

    /** Keys with any state. */
    long stateEntries() throws Exception {
        long entries = 0;
        for (var subtask : subtasks) {
            KeyedStateBackend<String> backend =
                    ((AbstractStreamOperator<?>) subtask.getOperator()).getKeyedStateBackend();
            for (String state : STATES) {
                try (var keys = backend.getKeys(state, VoidNamespace.INSTANCE)) {
                    entries += keys.count();
                }
            }
        }
        return entries;
    }

    long timers() {
        return subtasks.stream().mapToLong(subtask -> subtask.numEventTimeTimers()).sum();
    }

    @Override
    public void close() throws Exception {
        for (var subtask : subtasks) {
            subtask.close();
        }
    }
}
