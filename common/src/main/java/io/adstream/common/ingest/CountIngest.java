package io.adstream.common.ingest;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Sums the counts of all subtasks into totals per topic and minute. Keyed by topic.
 *
 * <p>Totals leave before each checkpoint barrier, after everything that was counted before it has
 * arrived: in every completed checkpoint received = valid + duplicate + late + rejected.
 */
public final class CountIngest extends AbstractStreamOperator<IngestDelta>
        implements OneInputStreamOperator<IngestDelta, IngestDelta> {

    private static final long serialVersionUID = 1L;

    /** Longer than the input's retention: an older minute can no longer be read. */
    private static final long KEPT_MILLIS = Duration.ofDays(8).toMillis();

    private static final MapStateDescriptor<Long, IngestCounts> TOTALS =
            new MapStateDescriptor<>(
                    "ingest-totals", Types.LONG, TypeInformation.of(IngestCounts.class));

    private transient MapState<Long, IngestCounts> state;
    private transient Map<String, TreeMap<Long, IngestCounts>> totals;
    private transient Map<String, Set<Long>> changed;
    private transient boolean finished;

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        totals = new HashMap<>();
        changed = new HashMap<>();
        state =
                getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, TOTALS);
        if (context.isRestored()) {
            this.<String>getKeyedStateBackend()
                    .applyToAllKeys(
                            VoidNamespace.INSTANCE,
                            VoidNamespaceSerializer.INSTANCE,
                            TOTALS,
                            (topic, stored) -> {
                                TreeMap<Long, IngestCounts> minutes = minutes(topic);
                                for (Map.Entry<Long, IngestCounts> entry : stored.entries()) {
                                    IngestCounts total = new IngestCounts();
                                    total.add(entry.getValue());
                                    minutes.put(entry.getKey(), total);
                                }
                            });
        }
    }

    @Override
    public void processElement(StreamRecord<IngestDelta> element) {
        IngestDelta delta = element.getValue();
        minutes(delta.topic)
                .computeIfAbsent(delta.minute, minute -> new IngestCounts())
                .add(delta.counts);
        changed.computeIfAbsent(delta.topic, topic -> new HashSet<>()).add(delta.minute);
    }

    private TreeMap<Long, IngestCounts> minutes(String topic) {
        return totals.computeIfAbsent(topic, name -> new TreeMap<>());
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        if (!finished) { // a sink behind this takes nothing after its end
            emitChanged();
        }
    }

    @Override
    public void finish() throws Exception {
        emitChanged();
        finished = true;
        super.finish();
    }

    private void emitChanged() {
        changed.forEach(
                (topic, minutes) ->
                        minutes.forEach(
                                minute -> {
                                    IngestCounts copy = new IngestCounts();
                                    copy.add(minutes(topic).get(minute));
                                    output.collect(
                                            new StreamRecord<>(
                                                    new IngestDelta(topic, minute, copy)));
                                }));
    }

    /** Not after now: a timestamp that a producer made up must not end the minutes in use. */
    private long latest(TreeMap<Long, IngestCounts> minutes) {
        return Math.min(minutes.lastKey(), getProcessingTimeService().getCurrentProcessingTime());
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        for (Map.Entry<String, Set<Long>> entry : changed.entrySet()) {
            setCurrentKey(entry.getKey());
            TreeMap<Long, IngestCounts> minutes = minutes(entry.getKey());
            for (Long minute : entry.getValue()) {
                IngestCounts copy = new IngestCounts();
                copy.add(minutes.get(minute));
                state.put(minute, copy);
            }
            Map<Long, IngestCounts> past = minutes.headMap(latest(minutes) - KEPT_MILLIS);
            for (Long minute : past.keySet()) {
                state.remove(minute);
            }
            past.clear();
        }
        changed.clear();
    }
}
