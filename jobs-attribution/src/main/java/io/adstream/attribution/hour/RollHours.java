package io.adstream.attribution.hour;

import io.adstream.common.redis.RedisEpoch;
import java.time.Duration;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
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
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Keeps the rolling hour of each ad: when the watermark ends a minute, the ads with anything in the
 * sixty minutes up to it are written; an ad with nothing left in them is removed.
 *
 * <p>While a backlog is worked off, minutes end faster than anybody reads them. Then time stands
 * still here for some seconds at a time, and of the minutes that end together the newest alone is
 * written.
 *
 * <p>The second input carries the identity of the Redis server: when it changes, every hour that
 * Redis should hold is sent again.
 */
public final class RollHours extends AbstractStreamOperator<AdHour>
        implements TwoInputStreamOperator<AdDelta, String, AdHour>,
                Triggerable<String, VoidNamespace> {

    private static final long serialVersionUID = 1L;

    /** A job that is away for longer serves nothing rather than something old. */
    private static final long TIME_TO_LIVE = Duration.ofHours(2).toMillis();

    /** Minutes end at most this often, by the wall clock. */
    static final long PACE = Duration.ofSeconds(5).toMillis();

    private static final ValueStateDescriptor<long[]> SLICES =
            new ValueStateDescriptor<>(
                    "minutes", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);

    private transient ValueState<long[]> slices;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient RedisEpoch redisEpoch;
    private transient long watermark;
    private transient long watermarkPassedOn;
    private transient long nextMinuteAt;
    private transient boolean waiting;
    private transient boolean toServeAgain;

    /** The last instant of the newest minute that anything came of. */
    private transient long newest;

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        redisEpoch = RedisEpoch.restore(context);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        redisEpoch.snapshot(!toServeAgain);
    }

    @Override
    public void open() throws Exception {
        super.open();
        slices =
                getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, SLICES);
        timers = getInternalTimerService("minutes", VoidNamespaceSerializer.INSTANCE, this);
        watermark = Long.MIN_VALUE;
        watermarkPassedOn = Long.MIN_VALUE;
        nextMinuteAt = Long.MIN_VALUE;
        newest = Long.MIN_VALUE;
    }

    @Override
    public void processElement1(StreamRecord<AdDelta> element) throws Exception {
        AdDelta delta = element.getValue();
        long[] known = slices.value();
        slices.update(HourSlices.plus(known == null ? new long[0] : known, delta));
        long lastInstant = delta.minute() + AdDelta.MINUTE - 1;
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, lastInstant);
        newest = Math.max(newest, lastInstant);
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        long[] known = slices.value();
        if (known == null) {
            return;
        }
        long end = timer.getTimestamp() + 1;
        long newestEnd = AdDelta.minuteOf(watermark + 1);
        if (end < newestEnd) {
            // Nobody would see the hours between.
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, newestEnd - 1);
            return;
        }
        // What this hour holds stays until the next, to be served again.
        long[] left = HourSlices.since(known, end);
        emit(timer.getKey(), left, end);
        if (left.length == 0) {
            slices.clear();
            return;
        }
        slices.update(left);
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, end + AdDelta.MINUTE - 1);
    }

    private void emit(String adId, long[] known, long end) {
        HourSlices.Sums sums = HourSlices.sums(known, end);
        output.collect(
                new StreamRecord<>(
                        new AdHour(
                                adId,
                                end,
                                sums.clicks(),
                                sums.conversions(),
                                sums.value(),
                                getProcessingTimeService().getCurrentProcessingTime()
                                        + TIME_TO_LIVE)));
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("no such timer is registered");
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        if (mark.getTimestamp() != Long.MAX_VALUE) {
            watermark = mark.getTimestamp();
            passOn();
            return;
        }
        // At the end of a bounded input its last minute ends, but hours do not roll on.
        if (getTimeServiceManager().isPresent()) {
            getTimeServiceManager().get().advanceWatermark(new Watermark(newest));
        }
        output.emitWatermark(mark);
    }

    /** Lets time go on to the watermark, unless a minute would end too soon after the last one. */
    private void passOn() throws Exception {
        ProcessingTimeService clock = getProcessingTimeService();
        long now = clock.getCurrentProcessingTime();
        boolean minuteEnds = minutes(watermark) != minutes(watermarkPassedOn);
        if (minuteEnds && now < nextMinuteAt) {
            if (!waiting) {
                waiting = true;
                // A timer that fails fails the task.
                var unused =
                        clock.registerTimer(
                                nextMinuteAt,
                                time -> {
                                    waiting = false;
                                    passOn();
                                });
            }
            return;
        }
        if (minuteEnds) {
            nextMinuteAt = now + PACE;
        }
        watermarkPassedOn = watermark;
        processWatermark(new Watermark(watermark));
        serveAgain();
    }

    /** How many minutes a watermark has ended. */
    private static long minutes(long mark) {
        return mark == Long.MIN_VALUE ? mark : AdDelta.minuteOf(mark + 1);
    }

    /** Only the input of clicks and conversions has time. */
    @Override
    public void processWatermark2(Watermark mark) {}

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int input) {
        // Time stands still while the input is silent; nobody behind needs to know.
    }

    /** The identity of the Redis server, as often as it tells it. */
    @Override
    public void processElement2(StreamRecord<String> element) throws Exception {
        if (redisEpoch.begins(element.getValue())) {
            toServeAgain = true;
            serveAgain();
        }
    }

    /** Sends every hour again, as soon as it is known which one it is. */
    private void serveAgain() throws Exception {
        if (!toServeAgain || watermark == Long.MIN_VALUE) {
            return;
        }
        toServeAgain = false;
        long end = AdDelta.minuteOf(watermark + 1);
        this.<String>getKeyedStateBackend()
                .applyToAllKeys(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        SLICES,
                        (adId, state) -> {
                            long[] known = state.value();
                            if (known != null && !HourSlices.sums(known, end).isEmpty()) {
                                emit(adId, known, end);
                            }
                        });
    }
}
