package io.adstream.common.store;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows to a store without ever holding up the stream or a checkpoint: the store's outage is
 * nobody else's. What the store does not have yet, the latest row of each key, is part of the
 * checkpoint and goes out after a restart too.
 *
 * <p>Where the operator before sends all rows again after a restart, {@link #stateless} leaves the
 * state out.
 *
 * @param <T> the row
 */
public final class WriteBehindSink<T> extends AbstractStreamOperator<Void>
        implements OneInputStreamOperator<T, Void> {

    private static final long serialVersionUID = 1L;

    private static final long CHECK_MILLIS = 500;

    private final KeySelector<T, String> key;
    private final BatchWriterFactory<T> factory;
    private final @Nullable ValueStateDescriptor<T> unsentDescriptor;
    private final boolean afterCheckpoint;

    private transient WriteBehind<T> behind;
    private transient Map<String, T> received;
    private transient TreeMap<Long, Map<String, T>> sealed;
    private transient @Nullable ValueState<T> unsentState;
    private transient Set<String> stored;

    WriteBehindSink(
            KeySelector<T, String> key,
            BatchWriterFactory<T> factory,
            @Nullable TypeInformation<T> type,
            boolean afterCheckpoint) {
        this.key = key;
        this.factory = factory;
        this.afterCheckpoint = afterCheckpoint;
        this.unsentDescriptor = type == null ? null : new ValueStateDescriptor<>("unsent", type);
    }

    /**
     * Writes a stream, with what is unsent as state; a row goes out as soon as the store takes it.
     *
     * @param name name and uid of the sink
     * @param key what identifies a row
     * @return the sink, to set its parallelism
     */
    public static <T> SingleOutputStreamOperator<Void> attach(
            DataStream<T> rows,
            String name,
            KeySelector<T, String> key,
            BatchWriterFactory<T> factory) {
        return attach(rows, name, key, factory, false);
    }

    /**
     * Writes a stream, with what is unsent as state; a row goes out when a checkpoint that covers
     * it is complete. For rows whose keys depend on what else happens meanwhile: the store never
     * has one that an attempt which was lost has made and the next one does not.
     *
     * @param name name and uid of the sink
     * @param key what identifies a row
     */
    public static <T> void attachCheckpointed(
            DataStream<T> rows,
            String name,
            KeySelector<T, String> key,
            BatchWriterFactory<T> factory) {
        attach(rows, name, key, factory, true);
    }

    private static <T> SingleOutputStreamOperator<Void> attach(
            DataStream<T> rows,
            String name,
            KeySelector<T, String> key,
            BatchWriterFactory<T> factory,
            boolean afterCheckpoint) {
        return rows.keyBy(key, Types.STRING)
                .transform(
                        name,
                        Types.VOID,
                        new WriteBehindSink<>(key, factory, rows.getType(), afterCheckpoint))
                .uid(name);
    }

    /**
     * Writes a stream whose rows are all sent again after a restart. It stays in the subtask that
     * made them.
     *
     * @param name name and uid of the sink
     * @param key what identifies a row
     */
    public static <T> void stateless(
            DataStream<T> rows,
            String name,
            KeySelector<T, String> key,
            BatchWriterFactory<T> factory) {
        rows.transform(name, Types.VOID, new WriteBehindSink<>(key, factory, null, false))
                .uid(name);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        stored = new HashSet<>();
        received = new LinkedHashMap<>();
        sealed = new TreeMap<>();
        behind =
                new WriteBehind<>(
                        "write-behind-" + getOperatorConfig().getOperatorName(),
                        factory.open(
                                getMetricGroup(),
                                getRuntimeContext().getTaskInfo().getIndexOfThisSubtask()));
        getMetricGroup().addGroup("adstream").gauge("unsentRows", behind::size);
        if (unsentDescriptor == null) {
            return;
        }
        unsentState =
                getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, unsentDescriptor);
        if (context.isRestored()) {
            this.<String>getKeyedStateBackend()
                    .applyToAllKeys(
                            VoidNamespace.INSTANCE,
                            VoidNamespaceSerializer.INSTANCE,
                            unsentDescriptor,
                            (rowKey, state) -> {
                                stored.add(rowKey);
                                behind.put(rowKey, state.value());
                            });
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        scheduleCheck();
    }

    /** The key context is set where state is touched, not for each row. */
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
    public void processElement(StreamRecord<T> element) throws Exception {
        behind.check();
        T row = element.getValue();
        if (afterCheckpoint) {
            received.put(key.getKey(row), row);
        } else {
            behind.put(key.getKey(row), row);
        }
    }

    private void scheduleCheck() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        var unused =
                getProcessingTimeService().registerTimer(now + CHECK_MILLIS, time -> onCheck());
    }

    private void onCheck() throws IOException {
        behind.check();
        scheduleCheck();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        behind.check();
        if (unsentState == null) {
            return;
        }
        KeyedStateBackend<String> backend = getKeyedStateBackend();
        Map<String, T> unsent = behind.unsent();
        if (!received.isEmpty()) {
            sealed.put(context.getCheckpointId(), received);
            received = new LinkedHashMap<>();
        }
        sealed.values().forEach(unsent::putAll);
        for (String rowKey : stored) {
            if (!unsent.containsKey(rowKey)) {
                backend.setCurrentKey(rowKey);
                unsentState.clear();
            }
        }
        for (Map.Entry<String, T> row : unsent.entrySet()) {
            backend.setCurrentKey(row.getKey());
            unsentState.update(row.getValue());
        }
        stored = new HashSet<>(unsent.keySet());
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        release(sealed.headMap(checkpointId, true));
    }

    private void release(Map<Long, Map<String, T>> covered) {
        covered.values().forEach(rows -> rows.forEach(behind::put));
        covered.clear();
    }

    @Override
    public void finish() throws Exception {
        release(sealed); // the input has ended: nothing else will happen
        received.forEach(behind::put);
        received.clear();
        behind.drain();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (behind != null) {
            behind.close();
        }
        super.close();
    }
}
