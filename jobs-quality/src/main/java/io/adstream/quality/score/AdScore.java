package io.adstream.quality.score;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an ad's score. Pure: a change makes a new one.
 *
 * @param refresh the latest refresh; null where penalties came before the first one
 * @param score what is served
 * @param revision how many scores were published
 * @param published the score that was published last
 * @param penalties those that may be in force
 */
public record AdScore(
        @Nullable Refresh refresh,
        double score,
        int revision,
        double published,
        List<Penalty> penalties) {

    static final AdScore UNKNOWN = new AdScore(null, 0, 0, 0, List.of());

    /** After a refresh or a change of penalties. */
    AdScore scored(Refresh latest, double newScore, boolean publish) {
        return new AdScore(
                latest,
                newScore,
                publish ? revision + 1 : revision,
                publish ? newScore : published,
                penalties);
    }

    /** Without the penalties that have expired. */
    AdScore at(long now) {
        return with(penalties.stream().filter(penalty -> penalty.expiresAt() > now));
    }

    /** Without the penalty of an alert. */
    AdScore without(String alertId) {
        return with(penalties.stream().filter(penalty -> !penalty.alertId().equals(alertId)));
    }

    /** With one more penalty. */
    AdScore with(Penalty penalty) {
        return with(Stream.concat(penalties.stream(), Stream.of(penalty)));
    }

    private AdScore with(Stream<Penalty> kept) {
        return new AdScore(
                refresh,
                score,
                revision,
                published,
                kept.collect(Collectors.toCollection(ArrayList::new)));
    }

    /** Points of all penalties. */
    double penalty() {
        double points = 0;
        for (Penalty penalty : penalties) {
            points += penalty.points();
        }
        return points;
    }
}
