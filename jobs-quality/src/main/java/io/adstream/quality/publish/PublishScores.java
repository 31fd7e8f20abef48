package io.adstream.quality.publish;

import io.adstream.common.redis.RedisEpoch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Brings the scores of an ad, which come by several ways, into one order, and remembers the latest:
 * the second input carries the identity of the Redis server, and when it changes every score is
 * sent again. It has no part in time.
 *
 * <p>What is of a refresh waits until time has reached it: what comes by another way, as from the
 * category that the ad was in before, may be older. A penalty is of a refresh that has passed, and
 * waits for nothing.
 */
public final class PublishScores extends AbstractStreamOperator<Publication>
        implements TwoInputStreamOperator<Publication, String, Publication>,
                Triggerable<String, VoidNamespace> {

    private static final long serialVersionUID = 1L;

    private static final ValueStateDescriptor<Publication> LATEST =
            new ValueStateDescriptor<>("latest", TypeInformation.of(Publication.class));

    private static final ListStateDescriptor<Publication> HELD =
            new ListStateDescriptor<>("held", TypeInformation.of(Publication.class));

    private static final Comparator<Publication> IN_ORDER =
            Comparator.comparingLong(Publication::at).thenComparingInt(Publication::revision);

    private transient ValueState<Publication> latest;
    private transient ListState<Publication> held;
    private transient InternalTimerService<VoidNamespace> refreshes;
    private transient ListState<Long> passedState;
    private transient long passed;
    private transient RedisEpoch redisEpoch;
    private transient Counter publishedScores;
    private transient Counter overtakenScores;

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        redisEpoch = RedisEpoch.restore(context);
        passedState =
                context.getOperatorStateStore()
                        .getUnionListState(new ListStateDescriptor<>("passed", Types.LONG));
        passed = Long.MIN_VALUE;
        for (Long restored : passedState.get()) {
            passed = Math.max(passed, restored);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        redisEpoch.snapshot(true);
        passedState.update(List.of(passed));
    }

    @Override
    public void open() throws Exception {
        super.open();
        latest =
                getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, LATEST);
        held = getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, HELD);
        refreshes = getInternalTimerService("refreshes", VoidNamespaceSerializer.INSTANCE, this);
        MetricGroup metrics = getMetricGroup().addGroup("adstream");
        publishedScores = metrics.counter("publishedScores");
        overtakenScores = metrics.counter("overtakenScores");
    }

    @Override
    public void processElement1(StreamRecord<Publication> element) throws Exception {
        Publication next = element.getValue();
        if (next.at() - 1 > passed) {
            held.add(next);
            refreshes.registerEventTimeTimer(VoidNamespace.INSTANCE, next.at() - 1);
        } else {
            pass(next);
        }
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        List<Publication> due = new ArrayList<>();
        List<Publication> early = new ArrayList<>();
        for (Publication publication : held.get()) {
            (publication.at() - 1 <= timer.getTimestamp() ? due : early).add(publication);
        }
        held.update(early);
        due.sort(IN_ORDER);
        for (Publication publication : due) {
            pass(publication);
        }
    }

    private void pass(Publication next) throws Exception {
        Publication known = latest.value();
        if (next.kind() == Publication.Kind.GONE) {
            // The ad has gone, unless it is back.
            if (known != null && known.at() < next.at()) {
                latest.clear();
                emit(next);
            }
        } else if (known != null && IN_ORDER.compare(next, known) <= 0) {
            overtakenScores.inc();
            emit(next.as(Publication.Kind.OVERTAKEN));
        } else {
            publishedScores.inc();
            latest.update(next);
            emit(next);
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("no timer of processing time was set");
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        if (mark.getTimestamp() < Long.MAX_VALUE) {
            passed = Math.max(passed, mark.getTimestamp());
        }
        processWatermark(mark);
    }

    @Override
    public void processWatermark2(Watermark mark) {}

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int input) {
        // Time stands still while the first input is silent; the second has none.
    }

    /** The identity of the Redis server, as often as it tells it. */
    @Override
    public void processElement2(StreamRecord<String> element) throws Exception {
        if (redisEpoch.begins(element.getValue())) {
            this.<String>getKeyedStateBackend()
                    .applyToAllKeys(
                            VoidNamespace.INSTANCE,
                            VoidNamespaceSerializer.INSTANCE,
                            LATEST,
                            (adId, state) -> {
                                Publication served = state.value();
                                if (served != null) {
                                    emit(served.as(Publication.Kind.SERVED_AGAIN));
                                }
                            });
        }
    }

    private void emit(Publication publication) {
        output.collect(new StreamRecord<>(publication));
    }
}
