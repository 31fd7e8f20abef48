package io.adstream.testing.oracle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Quality scores by the letter of the specification, computed in a batch: at each refresh
 * everything is looked up anew among all rows. The numbers of the formula are its defaults.
 */
public final class ScoreBatch {

    private static final long REFRESH = 300_000;
    private static final long HOUR = 12 * REFRESH;
    private static final long RETENTION = 24 * HOUR;
    private static final double NEUTRAL = 5.5;

    /** A revision of a five-minute row, and from when on it counts. */
    private record Row(@Nullable String category, long start, List<Long> counts, long since) {

        long events() {
            return counts.get(0) + counts.get(1) + counts.get(2);
        }
    }

    /** A penalty, and after which refresh it comes. */
    private record Penalty(String adId, double points, String alertId, long after, long until) {}

    /** What an ad has at a refresh. */
    private static final class Ad {
        private final String id;
        private final List<Row> rows = new ArrayList<>();
        private final Map<String, Penalty> penalties = new HashMap<>();
        private final TreeMap<Long, Row> windows = new TreeMap<>();
        private int known;
        private @Nullable Row newest;
        private boolean present;
        private String category = "";
        private long[] hour = new long[3];
        private double raw;
        private double previous;
        private double base;
        private double penalty;
        private double score;
        private double published;
        private int revision;

        Ad(String id) {
            this.id = id;
        }

        /** Forgets all but the rows, and puts these into the order in which they become known. */
        void clear() {
            rows.sort(Comparator.comparingLong(Row::since));
            known = 0;
            forget();
        }

        void forget() {
            windows.clear();
            newest = null;
            present = false;
            revision = 0;
            penalties.clear();
        }
    }

    private final TreeMap<String, Ad> ads = new TreeMap<>();
    private final List<Penalty> penalties = new ArrayList<>();
    private final Map<Integer, Long> newestEnds = new HashMap<>();
    private final List<ExpectedScore> scores = new ArrayList<>();

    /**
     * A METRICS record of a partition, in the partition's order.
     *
     * @param adId the ad of a five-minute row; null for any other row
     */
    public ScoreBatch row(
            int partition,
            @Nullable String adId,
            @Nullable String category,
            Instant windowEnd,
            int revision,
            long impressions,
            long clicks,
            long conversions) {
        long end = windowEnd.toEpochMilli();
        long newest = Math.max(end, newestEnds.getOrDefault(partition, end));
        newestEnds.put(partition, newest);
        if (adId != null) {
            long since = revision == 1 ? end : Math.min(newest, end + 2 * REFRESH);
            ads.computeIfAbsent(adId, Ad::new)
                    .rows
                    .add(
                            new Row(
                                    category,
                                    end - REFRESH,
                                    List.of(impressions, clicks, conversions),
                                    since));
        }
        return this;
    }

    /** A penalty that comes between a refresh and the next one. */
    public ScoreBatch penalty(
            String adId, double points, String alertId, Instant after, Instant until) {
        penalties.add(
                new Penalty(adId, points, alertId, after.toEpochMilli(), until.toEpochMilli()));
        return this;
    }

    /** All scores that are published up to a refresh, those of an ad in order. */
    public List<ExpectedScore> scores(Instant first, Instant last) {
        scores.clear();
        ads.values().forEach(Ad::clear);
        for (long at = first.toEpochMilli(); at <= last.toEpochMilli(); at += REFRESH) {
            refresh(at);
            for (Penalty penalty : penalties) {
                if (penalty.after == at) {
                    penalize(penalty, at);
                }
            }
        }
        return List.copyOf(scores);
    }

    /** How many ads have any state after the last refresh. */
    public long present() {
        return ads.values().stream().filter(ad -> ad.present).count();
    }

    /** What is served of each ad, published or not, after the last refresh. */
    public Map<String, Double> current() {
        Map<String, Double> current = new TreeMap<>();
        ads.values().stream().filter(ad -> ad.present).forEach(ad -> current.put(ad.id, ad.score));
        return current;
    }

    private void refresh(long at) {
        Map<String, long[]> pools = new HashMap<>();
        for (Ad ad : ads.values()) {
            look(ad, at);
            if (ad.present) {
                long[] pool = pools.computeIfAbsent(ad.category, any -> new long[3]);
                for (int i = 0; i < 3; i++) {
                    pool[i] += ad.hour[i];
                }
            }
        }
        for (Ad ad : ads.values()) {
            if (ad.present) {
                score(ad, pools.get(ad.category), at);
            }
        }
        for (Ad ad : ads.values()) {
            if (ad.present && (ad.revision == 0 || Math.abs(ad.score - ad.published) >= 0.5)) {
                publish(ad, at);
            }
        }
    }

    /** Finds the ad's newest category and what it did in the hour. */
    private static void look(Ad ad, long at) {
        for (; ad.known < ad.rows.size() && ad.rows.get(ad.known).since <= at; ad.known++) {
            Row row = ad.rows.get(ad.known);
            Row amended = ad.windows.get(row.start);
            if (amended == null || row.events() >= amended.events()) {
                ad.windows.put(row.start, row);
                if (ad.newest == null || row.start >= ad.newest.start) {
                    ad.newest = row;
                }
            }
        }
        Row newest = ad.newest;
        if (newest == null) {
            ad.present = false;
            return;
        }
        if (at - (newest.start + REFRESH) >= RETENTION) {
            ad.forget();
            return;
        }
        if (!ad.present) {
            ad.base = NEUTRAL;
        }
        ad.present = true;
        ad.category = newest.category == null ? "unknown" : newest.category;
        ad.hour = new long[3];
        for (Row row : ad.windows.tailMap(at - HOUR).values()) {
            for (int i = 0; i < 3; i++) {
                ad.hour[i] += row.counts.get(i);
            }
        }
    }

    private static void score(Ad ad, long[] pool, long at) {
        double p = pool[0] == 0 ? 0 : (double) pool[1] / pool[0];
        double q = pool[1] == 0 ? 0 : (double) pool[2] / pool[1];
        double ctr = (ad.hour[1] + 200 * p) / (ad.hour[0] + 200);
        double cvr = (ad.hour[2] + 20 * q) / (ad.hour[1] + 20);
        double raw = NEUTRAL;
        if (p != 0) {
            raw += 2.25 * (Math.log(ctr / p) / Math.log(2));
        }
        if (q != 0) {
            raw += 1.125 * (Math.log(cvr / q) / Math.log(2));
        }
        ad.raw = Math.max(1, Math.min(10, raw));
        ad.previous = ad.base;
        ad.base = 0.3 * ad.raw + 0.7 * ad.previous;
        ad.penalties.values().removeIf(penalty -> penalty.until <= at);
        subtract(ad);
    }

    private static void subtract(Ad ad) {
        ad.penalty = ad.penalties.values().stream().mapToDouble(Penalty::points).sum();
        ad.score = Math.max(1, ad.base - ad.penalty);
    }

    private void penalize(Penalty penalty, long at) {
        Ad ad = ads.get(penalty.adId);
        ad.penalties.put(penalty.alertId, penalty);
        if (ad.present) {
            subtract(ad);
            publish(ad, at);
        }
    }

    private void publish(Ad ad, long at) {
        int rank = 1;
        int size = 0;
        for (Ad other : ads.values()) {
            if (other.present && other.category.equals(ad.category)) {
                size++;
                rank += other.score > ad.score ? 1 : 0;
            }
        }
        ad.published = ad.score;
        ad.revision++;
        scores.add(
                new ExpectedScore(
                        ad.id,
                        Instant.ofEpochMilli(at),
                        ad.revision,
                        ad.category,
                        ad.raw,
                        ad.previous,
                        ad.base,
                        ad.penalty,
                        ad.score,
                        rank,
                        size));
    }
}
