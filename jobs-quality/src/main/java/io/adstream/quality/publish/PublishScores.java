package io.adstream.quality.publish;

import io.adstream.common.redis.RedisEpoch;
import io.adstream.quality.score.Departure;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
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
 * <p>A departure waits until time has reached its refresh: a score from before it, which comes by
 * another way, would be kept for ever.
 */
public final class PublishScores extends AbstractStreamOperator<Publication>
        implements TwoInputStreamOperator<Publication, String, Publication>,
                Triggerable<String, VoidNamespace> {

    private static final long serialVersionUID = 1L;

    private static final ValueStateDescriptor<Publication> LATEST =
            new ValueStateDescriptor<>("latest", TypeInformation.of(Publication.class));

    private transient ValueState<Publication> latest;
    private transient InternalTimerService<VoidNamespace> departures;
    private transient RedisEpoch redisEpoch;
    private transient Counter publishedScores;
    private transient Counter overtakenScores;

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        redisEpoch = RedisEpoch.restore(context);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        redisEpoch.snapshot(true);
    }

    @Override
    public void open() throws Exception {
        super.open();
        latest =
                getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, LATEST);
        departures = getInternalTimerService("departures", VoidNamespaceSerializer.INSTANCE, this);
        MetricGroup metrics = getMetricGroup().addGroup("adstream");
        publishedScores = metrics.counter("publishedScores");
        overtakenScores = metrics.counter("overtakenScores");
    }

    @Override
    public void processElement1(StreamRecord<Publication> element) throws Exception {
        Publication next = element.getValue();
        if (next.kind() == Publication.Kind.GONE) {
            departures.registerEventTimeTimer(VoidNamespace.INSTANCE, next.at() - 1);
            return;
        }
        Publication known = latest.value();
        if (known != null && !next.isAfter(known)) {
            overtakenScores.inc();
            emit(next.as(Publication.Kind.OVERTAKEN));
            return;
        }
        publishedScores.inc();
        latest.update(next);
        emit(next);
    }

    /** The ad has gone, unless it is back. */
    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        long refresh = timer.getTimestamp() + 1;
        Publication known = latest.value();
        if (known != null && known.at() < refresh) {
            latest.clear();
            emit(Publication.of(new Departure(timer.getKey(), refresh)));
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("no timer of processing time was set");
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        processWatermark(mark);
    }

    @Override
    public void processWatermark2(Watermark mark) {}

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int input) {
        // Time stands still while the first input is silent; the second has none.
    }

    /** The identity of the Redis server, as often as it is read; empty while it is away. */
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
