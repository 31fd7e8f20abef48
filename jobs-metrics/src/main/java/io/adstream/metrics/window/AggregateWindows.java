package io.adstream.metrics.window;

import static io.adstream.metrics.window.EntityWindows.SIZES;

import io.adstream.common.redis.RedisEpoch;
import io.adstream.metrics.EntityType;
import io.adstream.metrics.row.MetricsRow;
import io.adstream.metrics.slice.SliceDelta;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Keeps the windows of one minute, five minutes and one hour of each ad, campaign and advertiser.
 *
 * <p>A {@link SliceDelta} is added to the three windows that hold its minute, so that the sums of
 * all sizes agree by construction. A window is written when the watermark passes its end, and again
 * with each later delta until the allowed lateness is over; then it is forgotten.
 *
 * <p>Redis gets a closed window at once, but while a backlog is worked off each key in its turn,
 * like live values: of the windows that end in quick succession only the newest is worth a write.
 *
 * <p>All windows live on heap; keyed state gets those that changed, once per checkpoint. The second
 * input carries the identity of the Redis server: when it changes, every key that Redis should hold
 * is sent again.
 *
 * <p>Time here never goes back: a restored operator goes on from the watermark that it had, so that
 * nothing can re-create a window that was already closed or forgotten.
 */
public final class AggregateWindows extends AbstractStreamOperator<MetricsRow>
        implements TwoInputStreamOperator<SliceDelta, String, MetricsRow> {

    private static final long serialVersionUID = 1L;

    private static final long EXPIRY_SCAN_MILLIS = 30_000;

    private static final ValueStateDescriptor<byte[]> ENTITY =
            new ValueStateDescriptor<>(
                    "entity-windows", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private final long latenessMillis;
    private final long liveIntervalMillis;
    private final long longestLiveIntervalMillis;
    private final double maxWritesPerSecond;

    private transient Map<String, EntityWindows> entities;
    private transient List<EntityWindows> changed;
    private transient WindowIndex[] open;
    private transient WindowIndex[] closed;
    private transient WriteSchedule writes;
    private transient double maxWritesPerSubtask;
    private transient ArrivalDelay delay;
    private transient EntityWindowsCodec codec;
    private transient ValueState<byte[]> state;
    private transient ListState<Long> watermarkState;
    private transient ListState<Long> purgedState;
    private transient long watermark;
    private transient long purgedBefore;
    private transient RedisEpoch redisEpoch;

    /** Entities whose closed windows go out again, since Redis has lost them. */
    private transient ArrayDeque<EntityWindows> toServe;

    /** Keys of closed windows that wait for their turn. */
    private transient int closedWaiting;

    private transient Counter closedWindows;
    private transient Counter amendedWindows;
    private transient Counter liveWrites;

    /**
     * @param allowedLateness how long after its end a window can be amended
     * @param liveInterval the shortest time between two writes of a live key
     * @param longestLiveInterval what that time stretches to, at most, while the job is behind
     * @param maxWritesPerSecond live writes per second of the whole job
     */
    public AggregateWindows(
            Duration allowedLateness,
            Duration liveInterval,
            Duration longestLiveInterval,
            int maxWritesPerSecond) {
        this.latenessMillis = allowedLateness.toMillis();
        this.liveIntervalMillis = liveInterval.toMillis();
        this.longestLiveIntervalMillis = longestLiveInterval.toMillis();
        this.maxWritesPerSecond = maxWritesPerSecond;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        entities = new HashMap<>();
        changed = new ArrayList<>();
        open = newIndexes();
        closed = newIndexes();
        codec = new EntityWindowsCodec();
        watermark = Long.MIN_VALUE;
        watermarkState =
                context.getOperatorStateStore()
                        .getUnionListState(new ListStateDescriptor<>("watermark", Types.LONG));
        for (Long restored : watermarkState.get()) {
            watermark = Math.max(watermark, restored);
        }
        purgedBefore = Long.MIN_VALUE;
        purgedState =
                context.getOperatorStateStore()
                        .getUnionListState(new ListStateDescriptor<>("purged-before", Types.LONG));
        for (Long restored : purgedState.get()) {
            purgedBefore = Math.max(purgedBefore, restored);
        }
        purgedBefore = Math.max(purgedBefore, purgedBefore(watermark));
        toServe = new ArrayDeque<>();
        redisEpoch = RedisEpoch.restore(context);
        state =
                getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, ENTITY);
        if (context.isRestored()) {
            this.<String>getKeyedStateBackend()
                    .applyToAllKeys(
                            VoidNamespace.INSTANCE,
                            VoidNamespaceSerializer.INSTANCE,
                            ENTITY,
                            (key, stored) -> restore(key, stored.value()));
        }
    }

    private long purgedBefore(long time) {
        return time < Long.MIN_VALUE + latenessMillis ? Long.MIN_VALUE : time + 1 - latenessMillis;
    }

    private static WindowIndex[] newIndexes() {
        WindowIndex[] indexes = new WindowIndex[SIZES.length];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = new WindowIndex();
        }
        return indexes;
    }

    private void restore(String key, byte[] stored) throws IOException {
        EntityWindows entity = EntityWindowsCodec.read(key, stored);
        entities.put(key, entity);
        for (WindowSize size : SIZES) {
            for (WindowCount window : entity.windows(size)) {
                index(size, window).add(window.start + size.millis(), entity);
            }
        }
    }

    private WindowIndex index(WindowSize size, WindowCount window) {
        return (window.isClosed() ? closed : open)[size.ordinal()];
    }

    @Override
    public void open() throws Exception {
        super.open();
        int parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        maxWritesPerSubtask = maxWritesPerSecond / parallelism;
        writes =
                new WriteSchedule(
                        liveIntervalMillis, longestLiveIntervalMillis, maxWritesPerSubtask);
        delay = new ArrivalDelay();
        MetricGroup metrics = getMetricGroup().addGroup("adstream");
        closedWindows = metrics.counter("closedWindows");
        amendedWindows = metrics.counter("amendedWindows");
        liveWrites = metrics.counter("liveWrites");
        metrics.gauge("liveIntervalMs", writes::effectiveIntervalMillis);
        metrics.gauge("closedKeysWaiting", () -> closedWaiting);
        metrics.gauge("entities", entities::size);
        writeOpenWindows();
        scheduleTick();
        scheduleExpiry();
    }

    @Override
    @SuppressWarnings("rawtypes") // the signature is Flink's
    public void setKeyContextElement1(StreamRecord element) {
        // The key context is set where state is touched, not for each delta.
    }

    @Override
    public boolean hasKeyContext1() {
        return false;
    }

    @Override
    public void processElement1(StreamRecord<SliceDelta> element) {
        SliceDelta delta = element.getValue();
        EntityWindows entity = entities.computeIfAbsent(delta.entityKey, EntityWindows::new);
        long now = getProcessingTimeService().getCurrentProcessingTime();
        delay.seen(delta.arrival, now);
        for (WindowSize size : SIZES) {
            add(delta, entity, size, now);
        }
        markChanged(entity);
    }

    private void add(SliceDelta delta, EntityWindows entity, WindowSize size, long now) {
        long start = size.startOf(delta.minute);
        long end = start + size.millis();
        WindowCount window = entity.find(size, start);
        if (window == null) {
            if (end <= purgedBefore) {
                throw new IllegalStateException(
                        "A late event passed the deduplication: window "
                                + size.label()
                                + " that ended at "
                                + end
                                + ", forgotten are those that ended by "
                                + purgedBefore);
            }
            window = entity.open(size, start);
            (end - 1 <= watermark ? closed : open)[size.ordinal()].add(end, entity);
        }
        window.add(delta);
        if (end - 1 <= watermark || window.isClosed()) {
            close(entity, size, window, now);
        } else if (window == entity.newestOpen(size)) {
            writes.changed(entity.live[size.ordinal()], now);
        }
    }

    /** Writes a window that has ended, for the first time or again. */
    private void close(EntityWindows entity, WindowSize size, WindowCount window, long now) {
        window.revision++;
        if (window.revision == 1) {
            closedWindows.inc();
        } else {
            amendedWindows.inc();
        }
        long expiresAt = now;
        if (entity.isNewestClosed(size, window)) {
            expiresAt += size.timeToLiveMillis();
            entity.serve(size, window, expiresAt);
            if (writes.isStretched()) {
                // In a backlog the next window ends before anybody has read this one.
                writeClosedLater(entity.closedKey(size), now);
                expiresAt = now;
            }
        }
        emit(MetricsRow.Kind.CLOSED, entity, size, window, now, expiresAt);
    }

    private void writeClosedLater(ScheduledKey key, long now) {
        if (!key.waiting) {
            closedWaiting++;
        }
        writes.changed(key, now);
    }

    private void emit(
            MetricsRow.Kind kind,
            EntityWindows entity,
            WindowSize size,
            WindowCount window,
            long now,
            long expiresAt) {
        var latest = window.latest;
        output.collect(
                new StreamRecord<>(
                        new MetricsRow(
                                kind,
                                EntityType.ofKey(entity.key),
                                EntityType.idOfKey(entity.key),
                                size,
                                window.start,
                                window.impressions,
                                window.clicks,
                                window.conversions,
                                window.cost,
                                window.revenue,
                                window.revision,
                                latest == null ? null : latest.campaignId(),
                                latest == null ? null : latest.advertiserId(),
                                latest == null ? null : latest.category(),
                                now,
                                expiresAt)));
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        long time = mark.getTimestamp();
        if (time > watermark) {
            closeWindows(time);
            if (time != Long.MAX_VALUE) {
                // The end of a bounded input is no time to go on from: all windows are written, but
                // what a restored job reads next may amend them.
                watermark = time;
                purgedBefore = Math.max(purgedBefore, purgedBefore(time));
                purgeWindows();
            }
        }
        output.emitWatermark(mark);
    }

    private void closeWindows(long time) {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        for (WindowSize size : SIZES) {
            WindowIndex index = open[size.ordinal()];
            while (index.endsBy(time == Long.MAX_VALUE ? time : time + 1)) {
                long end = index.firstEnd();
                for (EntityWindows entity : index.takeFirst()) {
                    WindowCount window = entity.find(size, end - size.millis());
                    close(entity, size, window, now);
                    if (entity.newestOpen(size) == null) {
                        emit(MetricsRow.Kind.LIVE_ENDED, entity, size, window, now, now);
                    }
                    closed[size.ordinal()].add(end, entity);
                    markChanged(entity);
                }
            }
        }
    }

    private void purgeWindows() {
        for (WindowSize size : SIZES) {
            WindowIndex index = closed[size.ordinal()];
            while (index.endsBy(purgedBefore)) {
                long end = index.firstEnd();
                for (EntityWindows entity : index.takeFirst()) {
                    entity.purge(size, end - size.millis());
                    markChanged(entity);
                }
            }
        }
    }

    private void markChanged(EntityWindows entity) {
        if (!entity.changed) {
            entity.changed = true;
            changed.add(entity);
        }
    }

    /** Only the events' input has time. */
    @Override
    public void processWatermark2(Watermark mark) {}

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int input) {
        // Time stands still while the input is silent; nobody behind needs to know.
    }

    /** The identity of the Redis server, as often as it tells it. */
    @Override
    public void processElement2(StreamRecord<String> element) {
        if (redisEpoch.begins(element.getValue())) {
            toServe.clear();
            toServe.addAll(entities.values());
            writeOpenWindows();
        }
    }

    /** Live values are not remembered as written: who restores does not know which Redis has. */
    private void writeOpenWindows() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        for (EntityWindows entity : entities.values()) {
            for (WindowSize size : SIZES) {
                if (entity.newestOpen(size) != null) {
                    writes.changed(entity.live[size.ordinal()], now);
                }
            }
        }
    }

    /** A part at a time, so that live values and barriers need not wait for all. */
    private void serveAgain(long now) {
        double left = maxWritesPerSubtask * WriteSchedule.TICK_MILLIS / 1000;
        for (; left > 0 && !toServe.isEmpty(); left -= SIZES.length) {
            EntityWindows entity = toServe.poll();
            for (WindowSize size : SIZES) {
                writeClosed(entity, size, now);
            }
        }
    }

    /** Writes the newest closed window once more, unless its key has expired. */
    private void writeClosed(EntityWindows entity, WindowSize size, long now) {
        WindowCount served = entity.served[size.ordinal()];
        long until = entity.servedUntil[size.ordinal()];
        if (served != null && until > now) {
            emit(MetricsRow.Kind.SERVED_AGAIN, entity, size, served, now, until);
        }
    }

    private void scheduleTick() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        var unused =
                getProcessingTimeService()
                        .registerTimer(now + WriteSchedule.TICK_MILLIS, this::onTick);
    }

    private void onTick(long time) {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        writes.behind(delay.millis(now), now);
        writes.tick(now, this::write);
        serveAgain(now);
        scheduleTick();
    }

    private void write(ScheduledKey key) {
        if (key.closed) {
            closedWaiting--;
            writeClosed(key.entity, key.size, key.writtenAt);
        } else {
            writeLive(key);
        }
    }

    private void writeLive(ScheduledKey key) {
        WindowCount window = key.entity.newestOpen(key.size);
        if (window != null) { // else it was closed while the key waited
            liveWrites.inc();
            emit(
                    MetricsRow.Kind.LIVE,
                    key.entity,
                    key.size,
                    window,
                    key.writtenAt,
                    key.writtenAt + key.size.timeToLiveMillis());
        }
    }

    private void scheduleExpiry() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        var unused =
                getProcessingTimeService().registerTimer(now + EXPIRY_SCAN_MILLIS, this::onExpiry);
    }

    /** Forgets what Redis no longer serves, and entities of which nothing is left. */
    private void onExpiry(long time) throws IOException {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        for (Iterator<EntityWindows> all = entities.values().iterator(); all.hasNext(); ) {
            EntityWindows entity = all.next();
            if (entity.expireServed(now)) {
                markChanged(entity);
            }
            if (entity.isIdle()) {
                all.remove();
                markChanged(entity);
            }
        }
        scheduleExpiry();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        watermarkState.update(List.of(watermark));
        purgedState.update(List.of(purgedBefore));
        // A server that has not yet got everything back gets it from whoever restores this.
        redisEpoch.snapshot(toServe.isEmpty() && closedWaiting == 0);
        for (EntityWindows entity : changed) {
            entity.changed = false;
            setCurrentKey(entity.key);
            if (!entity.isIdle()) {
                state.update(codec.write(entity));
            } else if (entities.get(entity.key) == null || entities.get(entity.key) == entity) {
                state.clear();
            }
        }
        changed.clear();
    }
}
