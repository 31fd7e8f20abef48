package io.adstream.anomaly;

import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.anomaly.rule.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** One subtask of a function that watches, with state that can be taken and given. */
public final class Harness<I, O> implements AutoCloseable {

    private final KeyedBroadcastOperatorTestHarness<String, I, Signal, O> subtask;
    private long checkpoint;

    private Harness(
            KeyedBroadcastProcessFunction<String, I, Signal, O> function,
            KeySelector<I, String> key,
            TypeInformation<O> type,
            List<MapStateDescriptor<?, ?>> broadcast,
            @Nullable OperatorSubtaskState state)
            throws Exception {
        subtask =
                new KeyedBroadcastOperatorTestHarness<>(
                        new CoBroadcastWithKeyedOperator<>(function, broadcast),
                        key,
                        Types.STRING,
                        128,
                        1,
                        0);
        subtask.setStateBackend(new EmbeddedRocksDBStateBackend());
        subtask.setup(type.createSerializer(subtask.getExecutionConfig().getSerializerConfig()));
        if (state == null) {
            subtask.initializeEmptyState();
        } else {
            subtask.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            state, 128, 1, 1, 0));
        }
        subtask.open();
    }

    /** Starts a subtask on RocksDB. */
    public static <I, O> Harness<I, O> start(
            KeyedBroadcastProcessFunction<String, I, Signal, O> function,
            KeySelector<I, String> key,
            Class<O> type,
            List<MapStateDescriptor<?, ?>> broadcast,
            @Nullable OperatorSubtaskState state)
            throws Exception {
        return new Harness<>(function, key, TypeInformation.of(type), broadcast, state);
    }

    public Harness<I, O> add(I element) throws Exception {
        subtask.processElement(new StreamRecord<>(element));
        return this;
    }

    public Harness<I, O> signal(Signal signal) throws Exception {
        subtask.processBroadcastElement(new StreamRecord<>(signal));
        return this;
    }

    /** Sets a global rule. */
    public Harness<I, O> rule(RuleId id, int version, Rule.State state, Map<String, Double> params)
            throws Exception {
        return signal(
                Signal.of(
                        new Rule(
                                id.id(),
                                version,
                                Rule.Scope.GLOBAL,
                                "",
                                new HashMap<>(params),
                                state,
                                null)));
    }

    /** Lets event time reach an instant, on both inputs. */
    public Harness<I, O> watermark(long time) throws Exception {
        subtask.processBroadcastWatermark(new Watermark(time));
        subtask.processWatermark(new Watermark(time));
        return this;
    }

    /** What came out since the latest call. */
    public List<O> taken() {
        List<O> taken = new ArrayList<>(subtask.extractOutputValues());
        subtask.getOutput().clear();
        return taken;
    }

    /** What came out aside since the latest call. */
    public <T> List<T> side(OutputTag<T> tag) {
        List<T> found = new ArrayList<>();
        var queue = subtask.getSideOutput(tag);
        if (queue != null) {
            queue.forEach(record -> found.add(record.getValue()));
            queue.clear();
        }
        return found;
    }

    public OperatorSubtaskState snapshot() throws Exception {
        checkpoint++;
        return subtask.snapshot(checkpoint, checkpoint);
    }

    /** Keys in these states. */
    public long stateEntries(String... states) {
        var backend =
                ((AbstractStreamOperator<?>) subtask.getOperator()).<String>getKeyedStateBackend();
        long entries = 0;
        for (String state : states) {
            try (var keys = backend.getKeys(state, VoidNamespace.INSTANCE)) {
                entries += keys.count();
            }
        }
        return entries;
    }

    public int timers() {
        return subtask.numEventTimeTimers();
    }

    @Override
    public void close() throws Exception {
        subtask.close();
    }
}
