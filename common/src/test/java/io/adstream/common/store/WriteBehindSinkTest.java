package io.adstream.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.UUID;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WriteBehindSinkTest {

    private static final int MAX_PARALLELISM = 8;

    private final String name = UUID.randomUUID().toString();
    private final RecordedStore store = RecordedStore.named(name);
    private boolean afterCheckpoint;

    @Test
    void neitherRowsNorCheckpointsWaitForAStoreThatIsAway() throws Exception {
        store.setAway(true);
        OperatorSubtaskState state;
        try (var sink = open(null, 1, 1, 0)) {
            add(sink, "a=1", "b=1");
            await().until(() -> store.waiting() == 1);
            add(sink, "a=2", "c=1");
            state = sink.snapshot(1, 1);
            add(sink, "d=lost with the attempt");
            sink.getOperator().close();
        }
        assertThat(store.rows()).isEmpty();

        store.setAway(false);
        try (var sink = open(state, 1, 1, 0)) {
            await().until(() -> store.rows().size() == 3);
            assertThat(store.rows()).isEqualTo(Map.of("a", "2", "b", "1", "c", "1"));
            await().until(() -> entriesAfterSnapshot(sink) == 0);
        }
    }

    @Test
    void theUnsentRowsOfAKeyStayTogetherWhenRescaled() throws Exception {
        store.setAway(true);
        OperatorSubtaskState state;
        try (var sink = open(null, 1, 1, 0)) {
            for (int i = 0; i < 100; i++) {
                add(sink, "k" + i + "=old");
            }
            state = sink.snapshot(1, 1);
            sink.getOperator().close();
        }
        try (var first = open(state, 1, 2, 0);
                var second = open(state, 1, 2, 1)) {
            assertThat(entriesAfterSnapshot(first) + entriesAfterSnapshot(second)).isEqualTo(100);
            assertThat(entriesAfterSnapshot(first)).isBetween(1L, 99L);
            store.setAway(false);
            await().until(() -> store.rows().size() == 100);
        }
    }

    @Test
    void theEndOfTheInputWaitsForTheStore() throws Exception {
        try (var sink = open(null, 1, 1, 0)) {
            for (int i = 0; i < 3000; i++) {
                add(sink, "k" + i % 1200 + "=" + i);
            }
            sink.endInput();
            sink.getOperator().finish();

            assertThat(store.rows()).hasSize(1200).containsEntry("k599", "2999");
        }
    }

    @Test
    void aRowThatWaitsForItsCheckpointIsNoneOfALostAttempt() throws Exception {
        afterCheckpoint = true;
        OperatorSubtaskState state;
        try (var sink = open(null, 1, 1, 0)) {
            add(sink, "a=1", "b=1");
            sink.snapshot(1, 1);
            add(sink, "a=2");
            assertThat(store.rows()).isEmpty();
            sink.notifyOfCompletedCheckpoint(1);
            await().until(() -> store.rows().equals(Map.of("a", "1", "b", "1")));

            state = sink.snapshot(2, 2);
            add(sink, "c=lost with the attempt");
            sink.getOperator().close();
        }
        assertThat(store.rows()).containsEntry("a", "1");

        try (var sink = open(state, 1, 1, 0)) {
            await().until(() -> store.rows().equals(Map.of("a", "2", "b", "1")));
            add(sink, "d=1");
            sink.snapshot(3, 3);
            add(sink, "d=2");
            sink.snapshot(4, 4);
            sink.notifyOfCompletedCheckpoint(4); // 3 was not completed
            await().until(() -> "2".equals(store.rows().get("d")));
            assertThat(store.rows()).doesNotContainKey("c");
        }
    }

    @Test
    void whatNoWaitingWillChangeFailsTheJob() throws Exception {
        store.refuse("no such table");
        var sink = open(null, 1, 1, 0);
        add(sink, "a=1");
        await().untilAsserted(
                        () ->
                                assertThatThrownBy(
                                                () ->
                                                        sink.setProcessingTime(
                                                                sink.getProcessingTime() + 500))
                                        .hasStackTraceContaining("no such table"));
        sink.getOperator().close();
    }

    private KeyedOneInputStreamOperatorTestHarness<String, String, Void> open(
            @Nullable OperatorSubtaskState state, int before, int parallelism, int index)
            throws Exception {
        var sink =
                new KeyedOneInputStreamOperatorTestHarness<String, String, Void>(
                        new WriteBehindSink<>(
                                RecordedStore::key,
                                RecordedStore.writers(name),
                                Types.STRING,
                                afterCheckpoint),
                        RecordedStore::key,
                        Types.STRING,
                        MAX_PARALLELISM,
                        parallelism,
                        index);
        sink.setup();
        if (state != null) {
            sink.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            state, MAX_PARALLELISM, before, parallelism, index));
        }
        sink.open();
        return sink;
    }

    private static void add(
            KeyedOneInputStreamOperatorTestHarness<String, String, Void> sink, String... rows)
            throws Exception {
        for (String row : rows) {
            sink.processElement(new StreamRecord<>(row));
        }
    }

    /** Rows in keyed state after one more checkpoint. */
    private static long entriesAfterSnapshot(
            KeyedOneInputStreamOperatorTestHarness<String, String, Void> sink) throws Exception {
        sink.snapshot(2, 2);
        var backend = ((WriteBehindSink<?>) sink.getOperator()).<String>getKeyedStateBackend();
        try (var keys = backend.getKeys("unsent", VoidNamespace.INSTANCE)) {
            return keys.count();
        }
    }
}
