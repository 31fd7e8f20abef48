package io.adstream.anomaly.score;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scores of an ad within a window that ends now, oldest first, and before them the one that was
 * in force when the window began. Pure: a change makes a new one.
 *
 * @param points the scores, in order of time
 */
public record ScoreHistory(List<Point> points) {

    /**
     * A score.
     *
     * @param at when it was given, epoch ms
     * @param score the score before penalties
     */
    public record Point(long at, double score) {}

    /** With one more score; of one moment the later one counts. */
    public ScoreHistory with(long at, double score) {
        List<Point> next = new ArrayList<>(points);
        int place = next.size();
        while (place > 0 && next.get(place - 1).at() > at) {
            place--;
        }
        if (place > 0 && next.get(place - 1).at() == at) {
            next.set(place - 1, new Point(at, score));
        } else {
            next.add(place, new Point(at, score));
        }
        return new ScoreHistory(next);
    }

    /**
     * Without the scores that were no longer in force when the window that ends at a time began.
     */
    public ScoreHistory since(long now, long windowMillis) {
        int first = 0;
        while (first + 1 < points.size() && points.get(first + 1).at() <= now - windowMillis) {
            first++;
        }
        return first == 0
                ? this
                : new ScoreHistory(new ArrayList<>(points.subList(first, points.size())));
    }

    /** The newest score, or null. */
    public @Nullable Point newest() {
        return points.isEmpty() ? null : points.get(points.size() - 1);
    }

    /** The greatest score; 0 where there is none. */
    public double greatest() {
        double greatest = 0;
        for (Point point : points) {
            greatest = Math.max(greatest, point.score());
        }
        return greatest;
    }

    /** How far the newest is below the greatest, exact in decimals: 8.4 − 6.4 is 2. */
    public double drop() {
        Point newest = newest();
        return newest == null
                ? 0
                : BigDecimal.valueOf(greatest())
                        .subtract(BigDecimal.valueOf(newest.score()))
                        .doubleValue();
    }
}
