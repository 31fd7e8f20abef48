package io.adstream.features.user;

import io.adstream.features.event.UserEvent;
import io.adstream.features.event.UserEvent.Kind;
import io.adstream.features.hour.UserFeatures;
import io.adstream.features.profile.ProfileRow;
import io.adstream.features.retarget.RetargetingRow;
import io.adstream.features.retarget.RetargetingRules;
import io.adstream.features.retarget.SignalNotice;
import io.adstream.features.session.SessionRow;
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
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** All subtasks of {@link TrackUsers}, with events sent to the one that Flink would choose. */
final class UserSubtasks implements AutoCloseable {

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

    /** The defaults of the job. */
    static final UserRules RULES =
            new UserRules(
                    Duration.ofMinutes(5).toMillis(),
                    Duration.ofHours(2).toMillis(),
                    Duration.ofHours(1).toMillis(),
                    Duration.ofDays(30).toMillis(),
                    Duration.ofHours(24).toMillis(),
                    100,
                    5,
                    new RetargetingRules(
                            Duration.ofMinutes(30).toMillis(),
                            3,
                            Duration.ofHours(1).toMillis(),
                            Duration.ofHours(24).toMillis(),
                            200,
                            20));

    /** The wall clock at the start, unlike any event time of the tests. */
    static final long CLOCK = Instant.parse("2030-01-01T00:00:00Z").toEpochMilli();

    private static final int MAX_PARALLELISM = 16;

    private final List<
                    KeyedTwoInputStreamOperatorTestHarness<String, UserEvent, String, UserFeatures>>
            subtasks = new ArrayList<>();
    private long checkpoint;

    private UserSubtasks(
            Backend backend, int usersOnHeap, int parallelism, @Nullable Snapshot snapshot)
            throws Exception {
        for (int index = 0; index < parallelism; index++) {
            var subtask =
                    new KeyedTwoInputStreamOperatorTestHarness<
                            String, UserEvent, String, UserFeatures>(
                            new TrackUsers(RULES, usersOnHeap, Duration.ofSeconds(1)),
                            UserEvent::userId,
                            null,
                            Types.STRING,
                            MAX_PARALLELISM,
                            parallelism,
                            index);
            subtask.setStateBackend(backend.maker.get());
            subtask.setup(
                    TypeInformation.of(UserFeatures.class)
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

    static UserSubtasks start() throws Exception {
        return start(Backend.HASHMAP, 1000);
    }

    static UserSubtasks start(Backend backend, int usersOnHeap) throws Exception {
        return new UserSubtasks(backend, usersOnHeap, 1, null);
    }

    static UserSubtasks restore(
            Snapshot snapshot, Backend backend, int usersOnHeap, int parallelism) throws Exception {
        return new UserSubtasks(backend, usersOnHeap, parallelism, snapshot);
    }

    void add(UserEvent event) throws Exception {
        subtasks.get(
                        KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                event.userId(), MAX_PARALLELISM, subtasks.size()))
                .processElement1(new StreamRecord<>(event));
    }

    /** Sends an event that has just arrived. */
    void add(Kind kind, String user, String time) throws Exception {
        add(kind, user, time, null, null, UserEvent.NO_PRICE);
    }

    void add(
            Kind kind,
            String user,
            String time,
            @Nullable String category,
            @Nullable String product,
            long price)
            throws Exception {
        add(
                new UserEvent(
                        user,
                        kind,
                        Instant.parse(time).toEpochMilli(),
                        clock(),
                        price,
                        category,
                        product,
                        false));
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

    /** Lets the wall clock go on. */
    void skip(Duration duration) throws Exception {
        for (var subtask : subtasks) {
            subtask.setProcessingTime(subtask.getProcessingTime() + duration.toMillis());
        }
    }

    long clock() {
        return subtasks.get(0).getProcessingTime();
    }

    /** The hours since the latest call. */
    List<UserFeatures> hours() {
        List<UserFeatures> rows = new ArrayList<>();
        for (var subtask : subtasks) {
            rows.addAll(subtask.extractOutputValues());
            subtask.getOutput().clear();
        }
        return rows;
    }

    List<SessionRow> sessions() {
        return side(UserTags.SESSIONS);
    }

    List<ProfileRow> profiles() {
        return side(UserTags.PROFILES);
    }

    List<ProfileRow> minutes() {
        return side(UserTags.MINUTES);
    }

    List<SignalNotice> signals() {
        return side(UserTags.SIGNALS);
    }

    List<RetargetingRow> retargeting() {
        return side(UserTags.RETARGETING);
    }

    private <T> List<T> side(OutputTag<T> tag) {
        List<T> rows = new ArrayList<>();
        for (var subtask : subtasks) {
            var output = subtask.getSideOutput(tag);
            if (output != null) {
                output.forEach(record -> rows.add(record.getValue()));
                output.clear();
            }
        }
        return rows;
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

    /** Users in keyed state, in all subtasks, at the latest checkpoint. */
    long stateEntries() throws Exception {
        long entries = 0;
        for (var subtask : subtasks) {
            var backend = subtask.getOperator().<String>getKeyedStateBackend();
            try (var keys = backend.getKeys("user", VoidNamespace.INSTANCE)) {
                entries += keys.count();
            }
        }
        return entries;
    }

    int timers() {
        return subtasks.stream().mapToInt(subtask -> subtask.numEventTimeTimers()).sum();
    }

    @Override
    public void close() throws Exception {
        for (var subtask : subtasks) {
            subtask.close();
        }
    }
}
