package io.adstream.features.user;

import io.adstream.features.hour.SlidingHour;
import io.adstream.features.hour.UserFeatures;
import io.adstream.features.profile.Interests;
import io.adstream.features.retarget.RetargetingRow;
import io.adstream.features.retarget.Signal;
import io.adstream.features.retarget.SignalNotice;
import io.adstream.features.session.SessionRow;
import io.adstream.features.session.Sessions;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/** Makes rows of what is new of users, and says until when Redis serves them. */
final class UserRows implements UserOutput {

    private final Output<StreamRecord<UserFeatures>> output;
    private final UserRules rules;
    private final LongSupplier clock;
    private final LongSupplier watermark;
    private final Counter hours;
    private final Counter sessions;
    private final Counter mergedSessions;
    private final Counter lateForSessions;
    private final Counter signals;
    private final Counter cancelledSignals;
    private final Counter suppressedSignals;
    private final Counter profiles;

    /** Whether rows are not new: their time to live has begun earlier. */
    private boolean again;

    UserRows(
            Output<StreamRecord<UserFeatures>> output,
            UserRules rules,
            LongSupplier clock,
            LongSupplier watermark,
            MetricGroup metrics) {
        this.output = output;
        this.rules = rules;
        this.clock = clock;
        this.watermark = watermark;
        hours = metrics.counter("hours");
        sessions = metrics.counter("closedSessions");
        mergedSessions = metrics.counter("mergedSessions");
        lateForSessions = metrics.counter("lateForSessions");
        signals = metrics.counter("signals");
        cancelledSignals = metrics.counter("cancelledSignals");
        suppressedSignals = metrics.counter("suppressedSignals");
        profiles = metrics.counter("profileWrites");
    }

    /** Until when a key is served that was due at an event time. */
    private long expiry(long due, long timeToLive) {
        long age = again ? Math.max(0, watermark.getAsLong() - due) : 0;
        return clock.getAsLong() + timeToLive - age;
    }

    private <T> void emit(OutputTag<T> tag, T row) {
        output.collect(tag, new StreamRecord<>(row));
    }

    @Override
    public void hour(
            User user,
            long end,
            int views,
            int carts,
            int purchases,
            long averagePrice,
            boolean newest) {
        hours.inc();
        output.collect(
                new StreamRecord<>(
                        new UserFeatures(
                                user.id,
                                end,
                                views,
                                carts,
                                purchases,
                                averagePrice,
                                newest,
                                again,
                                expiry(end, rules.hourTimeToLive()))));
    }

    @Override
    public void session(
            User user, boolean inShop, long start, long last, int[] counts, boolean removed) {
        (removed ? mergedSessions : sessions).inc();
        emit(
                UserTags.SESSIONS,
                new SessionRow(
                        inShop,
                        user.id,
                        start,
                        last,
                        counts[0],
                        counts[1],
                        counts[2],
                        removed,
                        again,
                        expiry(last + Sessions.GAP, rules.sessionTimeToLive())));
    }

    @Override
    public void minute(User user, Interests interests) {
        if (!interests.isEmpty()) {
            emit(
                    UserTags.MINUTES,
                    interests.row(user.id, rules.halfLife(), rules.topCategories(), 0));
        }
    }

    /** The profile as it is, for Redis. */
    void profile(User user) {
        user.profileChanged = false;
        profiles.inc();
        emit(
                UserTags.PROFILES,
                user.profile(rules, expiry(user.newestOfProfile(), rules.profileTimeToLive())));
    }

    @Override
    public void profileOver(User user, long newest) {
        emit(UserTags.PROFILES, Interests.over(user.id, newest));
    }

    @Override
    public void signal(SignalNotice notice) {
        (notice.cancelled() ? cancelledSignals : signals).inc();
        emit(UserTags.SIGNALS, notice);
    }

    @Override
    public void signalsChanged(User user) {
        suppressedSignals.inc(user.retargeting.takeSuppressed());
        List<Signal> inForce = user.retargeting.inForce();
        long left = 0;
        for (Signal signal : inForce) {
            long from = Math.max(signal.at(), watermark.getAsLong());
            left = Math.max(left, signal.expiresAt() - from);
        }
        emit(
                UserTags.RETARGETING,
                new RetargetingRow(
                        user.id, inForce, user.retargeting.version(), clock.getAsLong() + left));
    }

    @Override
    public void lateForSessions() {
        lateForSessions.inc();
    }

    /** Writes all that Redis should hold of a user once more. */
    void serve(User user) {
        again = true;
        user.serve(watermark.getAsLong(), rules, this);
        if (user.hasProfile()) {
            profile(user);
        }
        if (!user.retargeting.inForce().isEmpty()) {
            signalsChanged(user);
        }
        again = false;
    }

    /** The last instant at which an hour of an event ends. */
    static long lastHourOf(long time) {
        return Math.floorDiv(time, SlidingHour.SLIDE) * SlidingHour.SLIDE + SlidingHour.WINDOW - 1;
    }
}
