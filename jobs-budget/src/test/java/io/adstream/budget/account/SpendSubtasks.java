package io.adstream.budget.account;

import io.adstream.budget.campaign.Campaign;
import io.adstream.budget.campaign.ControlSignal;
import io.adstream.budget.row.BudgetNotice;
import io.adstream.common.money.Micros;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** All subtasks of {@link TrackSpend}, with clicks sent to the one that Flink would choose. */
final class SpendSubtasks implements AutoCloseable {

    /** State of all subtasks together, as a checkpoint holds it. */
    record Snapshot(OperatorSubtaskState state, int parallelism) {}

    static final SpendTags TAGS = SpendTags.create();
    static final Duration LATENESS = Duration.ofHours(1);
    static final Duration TOLERANCE = Duration.ofSeconds(5);

    /** Any backend restores it. */
    private static final SavepointType SAVEPOINT =
            SavepointType.savepoint(SavepointFormatType.CANONICAL);

    private static final int MAX_PARALLELISM = 16;

    private final List<
                    KeyedTwoInputStreamOperatorTestHarness<
                            String, Click, ControlSignal, BudgetNotice>>
            subtasks = new ArrayList<>();
    private long checkpoint;

    private SpendSubtasks(
            int parallelism, boolean rocksdb, String clock, @Nullable Snapshot snapshot)
            throws Exception {
        for (int index = 0; index < parallelism; index++) {
            var subtask =
                    new KeyedTwoInputStreamOperatorTestHarness<
                            String, Click, ControlSignal, BudgetNotice>(
                            new TrackSpend(
                                    SpendSettings.of(
                                            LATENESS,
                                            Duration.ofMinutes(10),
                                            TOLERANCE,
                                            Duration.ofSeconds(10),
                                            Duration.ofSeconds(10)),
                                    TAGS),
                            Click::campaignId,
                            null,
                            Types.STRING,
                            MAX_PARALLELISM,
                            parallelism,
                            index);
            subtask.setStateBackend(
                    rocksdb ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend());
            subtask.setup(
                    TypeInformation.of(BudgetNotice.class)
                            .createSerializer(subtask.getExecutionConfig().getSerializerConfig()));
            subtask.setProcessingTime(at(clock));
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

    /** One subtask on the heap. */
    static SpendSubtasks start(String clock) throws Exception {
        return new SpendSubtasks(1, false, clock, null);
    }

    static SpendSubtasks restore(Snapshot snapshot, int parallelism, boolean rocksdb, String clock)
            throws Exception {
        return new SpendSubtasks(parallelism, rocksdb, clock, snapshot);
    }

    SpendSubtasks campaign(String id, @Nullable String budget, String zone) throws Exception {
        return row(id, budget, zone, Campaign.ACTIVE, null);
    }

    SpendSubtasks row(
            String id, @Nullable String budget, String zone, String status, @Nullable String cause)
            throws Exception {
        Long micros = budget == null ? null : (Long) Micros.parse(budget);
        return signal(ControlSignal.campaign(new Campaign(id, micros, zone, status, cause, 0, 0)));
    }

    SpendSubtasks signal(ControlSignal signal) throws Exception {
        for (var subtask : subtasks) {
            subtask.processElement2(new StreamRecord<>(signal));
        }
        return this;
    }

    SpendSubtasks click(String campaign, String time, String cost) throws Exception {
        return click(campaign, at(time), Micros.parse(cost));
    }

    SpendSubtasks click(String campaign, long time, long cost) throws Exception {
        subtasks.get(
                        KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                campaign, MAX_PARALLELISM, subtasks.size()))
                .processElement1(new StreamRecord<>(new Click(campaign, time, time, cost)));
        return this;
    }

    SpendSubtasks watermark(String time) throws Exception {
        for (var subtask : subtasks) {
            subtask.processWatermark1(new Watermark(at(time)));
        }
        return this;
    }

    /** Lets the wall clock reach an instant, in steps. */
    SpendSubtasks clock(String time) throws Exception {
        long until = at(time);
        for (var subtask : subtasks) {
            while (subtask.getProcessingTime() < until) {
                subtask.setProcessingTime(Math.min(until, subtask.getProcessingTime() + 500));
            }
        }
        return this;
    }

    /** The notices since the latest call. */
    List<BudgetNotice> notices() {
        List<BudgetNotice> notices = new ArrayList<>();
        for (var subtask : subtasks) {
            notices.addAll(subtask.extractOutputValues());
            subtask.getOutput().clear();
        }
        return notices;
    }

    /** What came out aside since the latest call. */
    <T> List<T> side(OutputTag<T> tag) {
        List<T> found = new ArrayList<>();
        for (var subtask : subtasks) {
            var queue = subtask.getSideOutput(tag);
            if (queue != null) {
                queue.forEach(record -> found.add(record.getValue()));
                queue.clear();
            }
        }
        return found;
    }

    Snapshot snapshot() throws Exception {
        checkpoint++;
        List<OperatorSubtaskState> states = new ArrayList<>();
        for (var subtask : subtasks) {
            subtask.prepareSnapshotPreBarrier(checkpoint);
            states.add(
                    subtask.snapshotWithLocalState(checkpoint, checkpoint, SAVEPOINT)
                            .getJobManagerOwnedState());
        }
        return new Snapshot(
                AbstractStreamOperatorTestHarness.repackageState(
                        states.toArray(new OperatorSubtaskState[0])),
                subtasks.size());
    }

    /** Accounts in keyed state, in all subtasks. */
    long stateEntries() throws Exception {
        long entries = 0;
        for (var subtask : subtasks) {
            var backend = subtask.getOperator().<String>getKeyedStateBackend();
            try (var keys = backend.getKeys("account", VoidNamespace.INSTANCE)) {
                entries += keys.count();
            }
        }
        return entries;
    }

    static long at(String time) {
        return Instant.parse(time).toEpochMilli();
    }

    @Override
    public void close() throws Exception {
        for (var subtask : subtasks) {
            subtask.close();
        }
    }
}
