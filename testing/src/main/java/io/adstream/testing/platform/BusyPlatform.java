package io.adstream.testing.platform;

import io.adstream.testing.platform.StoredResults.Counted;
import io.adstream.testing.platform.StoredResults.Entity;
import io.adstream.testing.platform.StoredResults.Incident;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Two hours of a platform with six advertisers, seeded: something of everything. */
public final class BusyPlatform {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** What the jobs write again and again is not taken for old by a test that takes long. */
    private static final Duration STAYS_NEW = Duration.ofMinutes(30);

    private static final List<String> CATEGORIES =
            List.of("shoes", "travel", "books", "electronics");

    /** An ad with what its campaign and advertiser are. */
    private record Ad(String id, String campaign, String advertiser, String category) {}

    private final StoredResults results;
    private final Random random = new Random(8_501);
    private final Instant now;
    private final List<Ad> ads = new ArrayList<>();

    private BusyPlatform(StoredResults results, Instant now) {
        this.results = results;
        this.now = now;
    }

    /**
     * Writes it.
     *
     * @param minutes how many closed minutes there are
     * @return the start of the minute that is open
     */
    public static Instant write(StoredResults results, int minutes) {
        BusyPlatform platform = new BusyPlatform(results, Instant.now());
        Instant open = platform.now.truncatedTo(ChronoUnit.MINUTES);
        results.together(() -> platform.write(open, minutes));
        return open;
    }

    private void write(Instant open, int minutes) {
        campaigns();
        metrics(open, minutes);
        alerts();
        scores();
        conversions();
        ingest(open, minutes);
        user();
        results.progress(
                open.minusSeconds(10), open.minus(Duration.ofMinutes(6)), now.plus(STAYS_NEW));
    }

    private void campaigns() {
        LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
        for (int c = 0; c < 18; c++) {
            String id = "cmp-" + (c + 1);
            String advertiser = "adv-" + (c % 6 + 1);
            boolean unlimited = c == 17;
            long budget = 100_000_000L * (c + 1);
            results.campaign(id, advertiser, unlimited ? null : budget, "USD");
            double usage = c == 3 ? 97.25 : c == 7 ? 88.4 : 4.5 + 4.1 * c;
            long spent = unlimited ? 77_000_000 : (long) (budget * usage / 100);
            results.spent(id, today, spent, 1_000 + c);
            results.status(
                    id,
                    c == 3 || c == 12 ? "PAUSED" : "ACTIVE",
                    c == 3 ? "BUDGET" : c == 12 ? "MANUAL" : "",
                    unlimited ? "" : String.valueOf(usage),
                    unlimited ? "" : String.valueOf((budget - spent) / 1e6),
                    String.valueOf(1.25 + c),
                    now.plus(STAYS_NEW));
            results.check(
                    id, today, now.truncatedTo(ChronoUnit.HOURS), c == 5 ? "CORRECTED" : "OK");
            for (int a = 0; a < 3; a++) {
                ads.add(
                        new Ad(
                                "ad-" + (c * 3 + a + 1),
                                id,
                                advertiser,
                                CATEGORIES.get((c + a) % CATEGORIES.size())));
            }
        }
    }

    private void metrics(Instant open, int minutes) {
        Map<Entity, Counted> fives = new LinkedHashMap<>();
        for (int back = minutes; back >= 0; back--) {
            Instant start = open.minus(MINUTE.multipliedBy(back));
            Map<Entity, Counted> minute = minute(back);
            boolean live = back == 0;
            for (Map.Entry<Entity, Counted> row : minute.entrySet()) {
                if (live) {
                    results.hash(row.getKey(), MINUTE, start, row.getValue(), true);
                } else {
                    results.closed(row.getKey(), MINUTE, start, row.getValue());
                    fives.merge(row.getKey(), row.getValue(), Counted::plus);
                }
                if (back == 1) {
                    results.hash(row.getKey(), MINUTE, start, row.getValue(), false);
                }
            }
            if (!live && start.plus(MINUTE).getEpochSecond() % 300 == 0) {
                Instant five = start.plus(MINUTE).minus(Duration.ofMinutes(5));
                fives.forEach(
                        (entity, counted) ->
                                results.closed(entity, Duration.ofMinutes(5), five, counted));
                fives.clear();
            }
        }
    }

    private Map<Entity, Counted> minute(int back) {
        Map<Entity, Counted> rows = new LinkedHashMap<>();
        double wave = 1 + 0.4 * Math.sin(back / 9.0);
        for (int i = 0; i < ads.size(); i++) {
            Ad ad = ads.get(i);
            long impressions = (long) (wave * (40 + random.nextInt(30) + 600.0 / (i + 3)));
            long clicks = Math.round(impressions * (0.01 + 0.02 * random.nextDouble()));
            long conversions = Math.round(clicks * 0.15 * random.nextDouble() * 2);
            Counted counted =
                    new Counted(
                            impressions,
                            clicks,
                            conversions,
                            clicks * (200_000 + random.nextInt(100_000)),
                            conversions * 25_500_000L);
            rows.put(Entity.ad(ad.id, ad.campaign, ad.advertiser, ad.category), counted);
            rows.merge(Entity.campaign(ad.campaign), counted, Counted::plus);
            rows.merge(Entity.advertiser(ad.advertiser), counted, Counted::plus);
        }
        return rows;
    }

    private void alerts() {
        results.row(
                new Incident(
                        "al-1",
                        "cvr-drop",
                        "WARNING",
                        "AD",
                        "ad-9",
                        "CVR 0.8 % where 5.1 % is usual"),
                "OPEN",
                now.minusSeconds(1_900),
                now.minusSeconds(700));
        results.row(
                new Incident(
                        "al-2",
                        "budget-threshold",
                        "INFO",
                        "CAMPAIGN",
                        "cmp-8",
                        "80 % of the budget of the day are spent"),
                "RESOLVED",
                now.minusSeconds(5_000),
                now.minusSeconds(4_000));
        Incident flood =
                new Incident(
                        "al-3",
                        "click-flood",
                        "CRITICAL",
                        "DEVICE",
                        "d-71f0c2aa-5b1e-4b2e-9d55-0c1f2e3d4a5b",
                        "more than 100 clicks of one device within 60 s");
        results.tell(flood, "OPEN", now.minusSeconds(95));
        results.tell(flood, "UPDATE", now.minusSeconds(30));
        results.tell(
                new Incident(
                        "al-4",
                        "ctr-spike",
                        "WARNING",
                        "AD",
                        "ad-2",
                        "CTR 21.4 % where 1.9 % is usual"),
                "OPEN",
                now.minusSeconds(240));
    }

    private void scores() {
        for (int i = 0; i < ads.size(); i++) {
            Ad ad = ads.get(i);
            double base = Math.round((3.2 + 6.4 * random.nextDouble()) * 100) / 100.0;
            double penalty = i % 7 == 1 ? 2 : 0;
            double score = Math.round((base - penalty) * 100) / 100.0;
            results.score(ad.id, score, base, ad.category, i % 13 + 1, 13);
            if (i < 12) {
                results.servedScore(ad.id, score, base, ad.category, i % 13 + 1, 13);
                results.hash(
                        "ad:" + ad.id + ":attribution",
                        Map.of(
                                "clicks", "310",
                                "attributed_conversions", String.valueOf(5 + i),
                                "attributed_value", "120.5",
                                "cvr", "4.2",
                                "updated_at", now.toString()));
            }
        }
    }

    private void conversions() {
        for (int i = 0; i < 240; i++) {
            List<String> path = new ArrayList<>();
            for (int touch = 0; touch <= random.nextInt(3); touch++) {
                path.add("cmp-" + (1 + (int) Math.abs(random.nextGaussian() * 6) % 18));
            }
            String match = i % 11 == 0 ? null : i % 4 == 0 ? "DEVICE" : "SESSION";
            results.conversion(
                    "conv-" + i,
                    now.minusSeconds(14L * i),
                    match,
                    25_500_000,
                    match == null ? List.of() : path);
        }
    }

    private void ingest(Instant open, int minutes) {
        for (int back = 0; back < minutes; back++) {
            Instant minute = open.minus(MINUTE.multipliedBy(back));
            results.ingest("metrics", "ad-events", minute, 5_900 + random.nextInt(90), 61, 12, 4);
            results.ingest("features", "commerce-events", minute, 1_450, 9, 3, 1);
        }
    }

    private void user() {
        Map<String, String> profile = new HashMap<>();
        profile.put("updated_at", now.toString());
        profile.put("engagement_score", "41.666667");
        profile.put("top_categories", "[\"shoes\",\"travel\"]");
        profile.put("interest:shoes", "9.25");
        profile.put("interest:travel", "5.035714");
        results.hash("user_profile:u-42", profile);
        results.hash(
                "user_features:u-42",
                Map.of(
                        "user_id", "u-42",
                        "view_count_1h", "17",
                        "cart_count_1h", "2",
                        "purchase_count_1h", "1",
                        "avg_viewed_price_1h", "29.99",
                        "window_end", now.truncatedTo(ChronoUnit.MINUTES).toString()));
        results.hash(
                "session_features:u-42:" + now.minusSeconds(1_800).toEpochMilli(),
                Map.of(
                        "user_id", "u-42",
                        "event_count", "9",
                        "duration_seconds", "431",
                        "session_start", now.minusSeconds(1_800).toString(),
                        "session_end", now.minusSeconds(1_369).toString()));
        results.hash(
                "ad_session_features:u-42:" + now.minusSeconds(900).toEpochMilli(),
                Map.of(
                        "user_id", "u-42",
                        "impressions", "30",
                        "clicks", "2",
                        "conversions", "0",
                        "duration_seconds", "250"));
        results.hash(
                "retargeting:u-42",
                Map.of(
                        "user_id", "u-42",
                        "version", "3",
                        "signal", "CART_ABANDONED",
                        "signal_id", "s-1",
                        "expires_at", now.plusSeconds(3_600).toString(),
                        "signals",
                                "[{\"signal_id\":\"s-1\",\"signal\":\"CART_ABANDONED\",\"product_id\":null,\"expires_at\":\""
                                        + now.plusSeconds(3_600)
                                        + "\"},{\"signal_id\":\"s-2\",\"signal\":\"REPEATED_VIEW\",\"product_id\":\"p-77\",\"expires_at\":\""
                                        + now.plusSeconds(1_800)
                                        + "\"}]"));
    }
}
