package io.adstream.features.user;

import io.adstream.common.redis.RedisEpoch;
import io.adstream.features.event.UserEvent;
import io.adstream.features.hour.UserFeatures;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.KeyedStateBackend;
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
 * Keeps what is known of each user: hours, sessions, interests, signals. Keyed by user.
 *
 * <p>One value in state per user, with one timer, at which it is next looked at; the users seen
 * last are on heap ({@link UserCache}). The rules are in {@link User} and its parts.
 *
 * <p>The second input carries the identity of the Redis server: when it changes, every key that
 * Redis should hold is sent again. Time never goes back: a restored operator goes on from the
 * watermark that it had.
 */
public final class TrackUsers extends AbstractStreamOperator<UserFeatures>
        implements TwoInputStreamOperator<UserEvent, String, UserFeatures>,
                Triggerable<String, VoidNamespace> {

    private static final long serialVersionUID = 1L;

    private static final ValueStateDescriptor<byte[]> USER =
            new ValueStateDescriptor<>(
                    "user", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    /** An event that waited longer in Kafka is part of a backlog. */
    private static final long BEHIND_MILLIS = 10_000;

    private final UserRules rules;
    private final int usersOnHeap;
    private final long profileIntervalMillis;

    private transient ValueState<byte[]> state;
    private transient UserCache users;
    private transient UserRows rows;

    /** Users whose profile is written at the next tick. */
    private transient ArrayDeque<User> toWrite;

    private transient ListState<Long> watermarkState;
    private transient long watermark;

    /** The newest event time. */
    private transient long newest;

    private transient RedisEpoch redisEpoch;
    private transient boolean toServeAgain;
    private transient boolean finished;

    /**
     * @param rules what features are made by
     * @param usersOnHeap how many users of a subtask are kept as objects
     * @param profileInterval the shortest time between two writes of a profile to Redis
     */
    public TrackUsers(UserRules rules, int usersOnHeap, Duration profileInterval) {
        this.rules = rules;
        this.usersOnHeap = usersOnHeap;
        this.profileIntervalMillis = profileInterval.toMillis();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        watermark = Long.MIN_VALUE;
        watermarkState =
                context.getOperatorStateStore()
                        .getUnionListState(new ListStateDescriptor<>("watermark", Types.LONG));
        for (Long restored : watermarkState.get()) {
            watermark = Math.max(watermark, restored);
        }
        redisEpoch = RedisEpoch.restore(context);
    }

    @Override
    public void open() throws Exception {
        super.open();
        MetricGroup metrics = getMetricGroup().addGroup("adstream");
        rows =
                new UserRows(
                        output,
                        rules,
                        () -> getProcessingTimeService().getCurrentProcessingTime(),
                        () -> watermark,
                        metrics);
        state = getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, USER);
        InternalTimerService<VoidNamespace> timers =
                getInternalTimerService("users", VoidNamespaceSerializer.INSTANCE, this);
        KeyedStateBackend<String> backend = getKeyedStateBackend();
        users = new UserCache(usersOnHeap, rules, backend, state, timers, this::writeProfile);
        metrics.gauge("usersOnHeap", users::size);
        metrics.gauge("userReads", users::reads);
        metrics.gauge("userWrites", users::writes);
        toWrite = new ArrayDeque<>();
        newest = Long.MIN_VALUE;
        scheduleTick();
    }

    /** The key context is set where state is touched, not for each event. */
    @Override
    @SuppressWarnings("rawtypes") // the signature is Flink's
    public void setKeyContextElement1(StreamRecord element) {}

    @Override
    public boolean hasKeyContext1() {
        return false;
    }

    @Override
    public void processElement1(StreamRecord<UserEvent> element) throws Exception {
        UserEvent event = element.getValue();
        newest = Math.max(newest, event.time());
        User user = users.get(event.userId());
        if (users.isDue(user, watermark)
                || (event.time() <= watermark && user.isBehind(watermark))) {
            user.advance(watermark, rules, rows);
        }
        user.add(event, watermark, rules, rows);
        users.schedule(user);
        if (user.profileChanged && !user.queued && isLive(event)) {
            user.queued = true;
            toWrite.add(user);
        }
    }

    /** While a backlog is worked off, a profile is written when it leaves the heap or is saved. */
    private boolean isLive(UserEvent event) {
        return getProcessingTimeService().getCurrentProcessingTime() - event.arrival()
                <= BEHIND_MILLIS;
    }

    private void scheduleTick() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        var unused =
                getProcessingTimeService().registerTimer(now + profileIntervalMillis, this::onTick);
    }

    private void onTick(long time) {
        if (finished) {
            return;
        }
        for (User user = toWrite.poll(); user != null; user = toWrite.poll()) {
            user.queued = false;
            writeProfile(user);
        }
        scheduleTick();
    }

    private void writeProfile(User user) {
        if (user.profileChanged && !user.evicted) {
            rows.profile(user);
        }
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        long time = mark.getTimestamp();
        if (time == Long.MAX_VALUE) {
            endOfInput(mark);
            return;
        }
        if (time > watermark) {
            watermark = time;
            advanceUsersOnHeap(time);
        }
        // Not the restored watermark: timers have fired up to that one.
        processWatermark(mark);
        serveAgain();
    }

    private void advanceUsersOnHeap(long time) {
        for (List<User> due = users.due().take(time); due != null; due = users.due().take(time)) {
            for (User user : due) {
                if (users.isDue(user, time)) {
                    user.advance(time, rules, rows);
                }
                users.schedule(user);
            }
        }
    }

    /**
     * At the end of a bounded input every hour ends that something happened in; but hours do not
     * slide on, and what a restored job reads next is not late by this.
     */
    private void endOfInput(Watermark mark) throws Exception {
        if (newest != Long.MIN_VALUE) {
            long end = Math.max(watermark, UserRows.lastHourOf(newest));
            long before = watermark;
            watermark = end;
            advanceUsersOnHeap(end);
            if (getTimeServiceManager().isPresent()) {
                getTimeServiceManager().get().advanceWatermark(new Watermark(end));
            }
            watermark = before;
        }
        output.emitWatermark(mark);
    }

    /** Only the events' input has time. */
    @Override
    public void processWatermark2(Watermark mark) {}

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int input) {
        // Time stands still while the input is silent; nobody behind needs to know.
    }

    /** A user comes up who may not be on heap. */
    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        User user = users.get(timer.getKey());
        if (user.timerAt == timer.getTimestamp()) {
            user.timerAt = User.NEVER;
            user.changed = true;
        }
        if (users.isDue(user, watermark)) {
            user.advance(watermark, rules, rows);
        }
        users.schedule(user);
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("no such timer is registered");
    }

    /** The identity of the Redis server, as often as it tells it. */
    @Override
    public void processElement2(StreamRecord<String> element) throws Exception {
        if (redisEpoch.begins(element.getValue())) {
            toServeAgain = true;
            serveAgain();
        }
    }

    /** Sends every key again, as soon as it is known what time it is. */
    private void serveAgain() throws Exception {
        if (!toServeAgain || watermark == Long.MIN_VALUE) {
            return;
        }
        toServeAgain = false;
        users.flush();
        UserCodec codec = new UserCodec();
        this.<String>getKeyedStateBackend()
                .applyToAllKeys(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        USER,
                        (id, stored) -> rows.serve(codec.read(id, stored.value())));
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        writeProfiles();
    }

    @Override
    public void finish() throws Exception {
        writeProfiles();
        finished = true;
        super.finish();
    }

    private void writeProfiles() {
        if (!finished) { // a sink behind this takes nothing after its end
            for (User user : users.onHeap()) {
                writeProfile(user);
            }
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        users.flush();
        watermarkState.update(List.of(watermark));
        redisEpoch.snapshot(!toServeAgain);
        super.snapshotState(context);
    }
}
