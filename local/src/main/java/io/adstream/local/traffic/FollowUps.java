package io.adstream.local.traffic;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What is planned to happen, the earliest first; what is due at once in the order of its plans. */
final class FollowUps {

    private final PriorityQueue<FollowUp> planned =
            new PriorityQueue<>(
                    Comparator.comparingLong((FollowUp f) -> f.due)
                            .thenComparingLong(f -> f.order));
    private final SplittableRandom random;
    private long order;

    FollowUps(SplittableRandom random) {
        this.random = random;
    }

    /** Plans what needs no amount; see {@link FollowUp}. */
    void plan(
            FollowUp.Kind kind,
            long due,
            Session session,
            @Nullable Ad ad,
            long cause,
            FollowUp.@Nullable Path path) {
        plan(kind, due, session, ad, cause, path, 0);
    }

    /**
     * Plans what is to happen.
     *
     * @param due not before that time, epoch milliseconds
     * @param cause event time of what caused it, or {@link FollowUp#NO_CAUSE}
     * @param micros the amount of a purchase, or of a conversion without an ad
     */
    void plan(
            FollowUp.Kind kind,
            long due,
            Session session,
            @Nullable Ad ad,
            long cause,
            FollowUp.@Nullable Path path,
            long micros) {
        planned.add(new FollowUp(kind, due, order++, session, ad, cause, path, micros));
    }

    /** Takes the next thing whose time has come; null where there is none. */
    @Nullable FollowUp takeDue(long now) {
        FollowUp next = planned.peek();
        return next != null && next.due <= now ? planned.poll() : null;
    }

    /** How long people take, in milliseconds: from 0 to the limit, small values more often. */
    long lag(long limit) {
        double u = random.nextDouble();
        return (long) (u * u * limit);
    }
}
