package io.adstream.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * When campaigns crossed 95 % of their budgets by the order of their clicks in Kafka, and when that
 * was seen. Clicks may be told by one thread and pauses by another.
 */
final class PauseWatch {

    private static final double PAUSE_AT = 0.95;

    private final Map<String, Long> budgets;
    private final ConcurrentLinkedQueue<Click> clicks = new ConcurrentLinkedQueue<>();
    private final Map<Place, Map<String, Long>> seenPaused = new EnumMap<>(Place.class);

    /** Where a pause is seen. */
    enum Place {
        /** The hash of the campaign in Redis. */
        REDIS,
        /** The row of {@code budget.campaigns}. */
        TABLE,
        /** The committed record. */
        RECORD
    }

    private record Click(String campaign, long cost, long appendedAt) {}

    /**
     * What became of one campaign.
     *
     * @param latencyMillis from the append of the crossing click to the sight of the pause, by
     *     where it was seen
     * @param overspend spend beyond 95 %, as a share of the budget
     * @param overspendSeconds how long the campaign took to spend as much before it crossed
     */
    record Outcome(
            String campaign,
            Map<Place, Long> latencyMillis,
            double overspend,
            double overspendSeconds) {}

    /**
     * @param budgets by campaign, micros
     */
    PauseWatch(Map<String, Long> budgets) {
        this.budgets = budgets;
        for (Place place : Place.values()) {
            seenPaused.put(place, new ConcurrentHashMap<>());
        }
    }

    /** A valid click was appended. */
    void appended(String campaign, long cost, long at) {
        clicks.add(new Click(campaign, cost, at));
    }

    /** A place says that the campaign is paused. */
    void paused(Place place, String campaign, long now) {
        Objects.requireNonNull(seenPaused.get(place)).putIfAbsent(campaign, now);
    }

    /** The campaigns that have crossed. */
    List<Outcome> outcomes() {
        Map<String, List<Click>> byCampaign = new HashMap<>();
        clicks.forEach(
                click ->
                        byCampaign
                                .computeIfAbsent(click.campaign(), any -> new ArrayList<>())
                                .add(click));
        List<Outcome> outcomes = new ArrayList<>();
        byCampaign.forEach(
                (campaign, own) -> {
                    Long budget = budgets.get(campaign);
                    if (budget != null) {
                        Outcome outcome = outcome(campaign, budget, own);
                        if (outcome != null) {
                            outcomes.add(outcome);
                        }
                    }
                });
        return outcomes;
    }

    private @Nullable Outcome outcome(String campaign, long budget, List<Click> own) {
        own.sort(Comparator.comparingLong(Click::appendedAt));
        double limit = PAUSE_AT * budget;
        long spent = 0;
        long spentAtCrossing = 0;
        Long crossedAt = null;
        for (Click click : own) {
            spent += click.cost();
            if (crossedAt == null && spent >= limit) {
                crossedAt = click.appendedAt();
                spentAtCrossing = spent;
            }
        }
        if (crossedAt == null) {
            return null;
        }
        long from = crossedAt;
        Map<Place, Long> latencies = new EnumMap<>(Place.class);
        seenPaused.forEach(
                (place, seen) -> {
                    Long at = seen.get(campaign);
                    if (at != null) {
                        latencies.put(place, Math.max(0, at - from));
                    }
                });
        double beyond = spent - limit;
        double seconds = (from - own.get(0).appendedAt()) / 1000.0;
        return new Outcome(
                campaign, latencies, beyond / budget, beyond / spentAtCrossing * seconds);
    }
}
