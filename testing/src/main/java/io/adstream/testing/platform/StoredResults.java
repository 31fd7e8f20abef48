package io.adstream.testing.platform;

import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.TestDatabase;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes single results as the jobs write them: tables, keys and fields are the contract's. */
public final class StoredResults implements AutoCloseable {

    private static final Map<Duration, String> TABLES =
            Map.of(
                    Duration.ofMinutes(1), "realtime.metrics_1min",
                    Duration.ofMinutes(5), "realtime.metrics_5min",
                    Duration.ofHours(1), "realtime.metrics_1hour");
    private static final Map<Duration, String> NAMES =
            Map.of(
                    Duration.ofMinutes(1), "1m",
                    Duration.ofMinutes(5), "5m",
                    Duration.ofHours(1), "1h");
    private static final int DECIMALS = 6;

    private final StoreWrites stores;

    public StoredResults(TestDatabase database, RedisServer redis) {
        this.stores = new StoreWrites(database, redis);
    }

    /** Does many writes at once; none is seen before the end. */
    public void together(Runnable writes) {
        stores.together(writes);
    }

    /** What a window counts; cost and revenue in micros. */
    public record Counted(
            long impressions, long clicks, long conversions, long cost, long revenue) {

        public Counted plus(Counted other) {
            return new Counted(
                    impressions + other.impressions,
                    clicks + other.clicks,
                    conversions + other.conversions,
                    cost + other.cost,
                    revenue + other.revenue);
        }

        /** clicks / impressions × 100. */
        public BigDecimal ctr() {
            return ratio(BigDecimal.valueOf(clicks * 100), impressions);
        }

        /** conversions / clicks × 100. */
        public BigDecimal cvr() {
            return ratio(BigDecimal.valueOf(conversions * 100), clicks);
        }

        /** cost / clicks. */
        public BigDecimal cpc() {
            return ratio(BigDecimal.valueOf(cost, DECIMALS), clicks);
        }

        private static BigDecimal ratio(BigDecimal numerator, long denominator) {
            return denominator == 0
                    ? BigDecimal.ZERO
                    : numerator.divide(
                            BigDecimal.valueOf(denominator), DECIMALS, RoundingMode.HALF_EVEN);
        }
    }

    /** Whose metrics a row is; the last three are of an ad alone. */
    public record Entity(
            String type,
            String id,
            @Nullable String campaign,
            @Nullable String advertiser,
            @Nullable String category) {

        public static Entity advertiser(String id) {
            return new Entity("ADVERTISER", id, null, null, null);
        }

        public static Entity campaign(String id) {
            return new Entity("CAMPAIGN", id, null, null, null);
        }

        public static Entity ad(
                String id, String campaign, String advertiser, @Nullable String category) {
            return new Entity("AD", id, campaign, advertiser, category);
        }
    }

    /** A row of a closed window, written anew where it is there. */
    public void closed(Entity entity, Duration window, Instant start, Counted counted) {
        update(
                "insert into "
                        + TABLES.get(window)
                        + " values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,now()) on conflict (entity_type,"
                        + " entity_id, window_start) do update set impressions ="
                        + " excluded.impressions, clicks = excluded.clicks, conversions ="
                        + " excluded.conversions, total_cost = excluded.total_cost, total_revenue ="
                        + " excluded.total_revenue, ctr = excluded.ctr, cvr = excluded.cvr, cpc ="
                        + " excluded.cpc",
                entity.type(),
                entity.id(),
                start,
                start.plus(window),
                entity.campaign(),
                entity.advertiser(),
                entity.category(),
                counted.impressions(),
                counted.clicks(),
                counted.conversions(),
                BigDecimal.valueOf(counted.cost(), DECIMALS),
                BigDecimal.valueOf(counted.revenue(), DECIMALS),
                counted.ctr(),
                counted.cvr(),
                counted.cpc());
    }

    /** The hash of a window: the open one, or the newest that is closed. */
    public void hash(Entity entity, Duration window, Instant start, Counted counted, boolean live) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("window_start", text(start));
        fields.put("window_end", text(start.plus(window)));
        fields.put("impressions", String.valueOf(counted.impressions()));
        fields.put("clicks", String.valueOf(counted.clicks()));
        fields.put("conversions", String.valueOf(counted.conversions()));
        fields.put("total_cost", money(counted.cost()));
        fields.put("total_revenue", money(counted.revenue()));
        fields.put("ctr", plain(counted.ctr()));
        fields.put("cvr", plain(counted.cvr()));
        fields.put("cpc", plain(counted.cpc()));
        fields.put("revision", "1");
        fields.put("updated_at", text(Instant.now()));
        hash(
                entity.type().toLowerCase(java.util.Locale.ROOT)
                        + ":"
                        + entity.id()
                        + ":metrics:"
                        + NAMES.get(window)
                        + (live ? ":live" : ""),
                fields);
    }

    /** How far the metrics job is. */
    public void progress(Instant watermark, Instant finalBefore, Instant updatedAt) {
        update(
                "insert into realtime.progress values ('metrics', ?, ?, ?) on conflict (job) do update"
                        + " set watermark = excluded.watermark, final_before = excluded.final_before,"
                        + " updated_at = excluded.updated_at",
                watermark,
                finalBefore,
                updatedAt);
    }

    /** A campaign; without {@code budget} (micros) it is unlimited. */
    public void campaign(String id, String advertiser, @Nullable Long budget, String currency) {
        update(
                "insert into budget.campaigns (campaign_id, advertiser_id, daily_budget, currency)"
                        + " values (?,?,?,?)",
                id,
                advertiser,
                budget == null ? null : BigDecimal.valueOf(budget, DECIMALS),
                currency);
    }

    /** What a campaign has spent on a day, in micros. */
    public void spent(String campaign, LocalDate date, long spent, long clicks) {
        update(
                "insert into budget.daily_spend (campaign_id, budget_date, spent, clicks) values"
                        + " (?,?,?,?) on conflict (campaign_id, budget_date) do update set spent ="
                        + " excluded.spent, clicks = excluded.clicks",
                campaign,
                date,
                BigDecimal.valueOf(spent, DECIMALS),
                clicks);
    }

    /** The hash that ad servers go by; usage in percent. */
    public void status(
            String campaign,
            String status,
            String cause,
            String usage,
            String remaining,
            String rate,
            Instant updatedAt) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("status", status);
        fields.put("cause", cause);
        fields.put("budget_date", Instant.now().toString().substring(0, 10));
        fields.put("usage", usage);
        fields.put("remaining", remaining);
        fields.put("rate", rate);
        fields.put("updated_at", text(updatedAt));
        hash("campaign:" + campaign + ":status", fields);
    }

    /** A comparison of a campaign's counter. */
    public void check(String campaign, LocalDate date, Instant cut, String action) {
        update(
                "insert into budget.sync_audit values (?,?,?,1,1,0,?,null,?)",
                campaign,
                date,
                cut,
                action,
                cut);
    }

    /** A step of an incident in the stream. */
    public void tell(Incident incident, String status, Instant at) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("alert_id", incident.id());
        fields.put("rule_id", incident.rule());
        fields.put("rule_version", "1");
        fields.put("severity", incident.severity());
        fields.put("status", status);
        fields.put("entity_type", incident.entityType());
        fields.put("entity_id", incident.entityId());
        fields.put("window_start", text(at.truncatedTo(ChronoUnit.MINUTES)));
        fields.put("observed", "12.5");
        fields.put("usual", "1.2");
        fields.put("threshold", "");
        fields.put("message", incident.message());
        fields.put("sample_event_ids", "");
        fields.put("at", text(at));
        stores.append("alerts:recent", fields);
    }

    /** An incident as its row has it. */
    public void row(Incident incident, String status, Instant openedAt, Instant at) {
        update(
                "insert into alerts.alerts (alert_id, rule_id, rule_version, severity, status,"
                        + " entity_type, entity_id, observed, usual, message, opened_at, updated_at,"
                        + " resolved_at) values (?,?,1,?,?,?,?,12.5,1.2,?,?,?,?)",
                incident.id(),
                incident.rule(),
                incident.severity(),
                status,
                incident.entityType(),
                incident.entityId(),
                incident.message(),
                openedAt,
                at,
                status.equals("RESOLVED") ? at : null);
    }

    /** What an alert is about. */
    public record Incident(
            String id,
            String rule,
            String severity,
            String entityType,
            String entityId,
            String message) {}

    /**
     * A quality score, as history has it.
     *
     * @param base before penalties
     */
    public void score(String ad, double score, double base, String category, int rank, int size) {
        update(
                "insert into quality.scores values (?,?,?,?,?,?,?,1,now())",
                ad,
                BigDecimal.valueOf(score),
                base,
                base,
                category,
                rank,
                size);
    }

    /** A quality score, as it is served. */
    public void servedScore(
            String ad, double score, double base, String category, int rank, int size) {
        hash(
                "ad:" + ad + ":quality_score",
                Map.of(
                        "score", String.valueOf(score),
                        "base_score", String.valueOf(base),
                        "previous", String.valueOf(base),
                        "raw", String.valueOf(base),
                        "category", category,
                        "category_rank", String.valueOf(rank),
                        "category_size", String.valueOf(size),
                        "revision", "1",
                        "updated_at", Instant.now().toString()));
    }

    /** A conversion that is attributed to clicks of these campaigns, in time order. */
    public void conversion(
            String id, Instant at, @Nullable String match, long value, List<String> campaigns) {
        boolean attributed = match != null;
        update(
                "insert into attribution.conversions (conversion_id, revision, status, reason, match,"
                        + " conversion_time, value, touches) values (?,1,?,?,?,?,?,?)",
                id,
                attributed ? "ATTRIBUTED" : "UNATTRIBUTED",
                attributed ? null : "NO_CLICK",
                match,
                at,
                BigDecimal.valueOf(value, DECIMALS),
                campaigns.size());
        int last = campaigns.size() - 1;
        for (int i = 0; attributed && i <= last; i++) {
            Map<String, Integer> credits = new HashMap<>();
            credits.put("last_click", i == last ? 1_000_000 : 0);
            credits.put("first_click", i == 0 ? 1_000_000 : 0);
            credits.put("linear", 1_000_000 / campaigns.size());
            credits.put("time_decay", 1_000_000 / campaigns.size());
            credits.put("position_based", 1_000_000 / campaigns.size());
            for (Map.Entry<String, Integer> credit : credits.entrySet()) {
                if (credit.getValue() > 0) {
                    update(
                            "insert into attribution.credits values (?,?,?,?,?,?,?,?)",
                            id,
                            credit.getKey(),
                            id + "-click-" + i,
                            "ad-of-" + campaigns.get(i),
                            campaigns.get(i),
                            "advertiser-of-" + campaigns.get(i),
                            credit.getValue(),
                            BigDecimal.valueOf(value * credit.getValue() / 1_000_000, DECIMALS));
                }
            }
        }
    }

    /** What a job counted of a topic in a minute. */
    public void ingest(
            String job, String topic, Instant minute, long valid, long dup, long late, long bad) {
        update(
                "insert into realtime.ingest_1min values (?,?,?,?,?,?,?,?,?::jsonb)",
                job,
                topic,
                minute,
                valid + dup + late + bad,
                valid,
                dup,
                late,
                bad,
                bad == 0 ? "{}" : "{\"BAD_VALUE\":" + bad + "}");
    }

    /** Any hash. */
    public void hash(String key, Map<String, String> fields) {
        stores.hash(key, fields);
    }

    private void update(String sql, @Nullable Object... values) {
        stores.update(sql, values);
    }

    @Override
    public void close() {
        stores.close();
    }

    private static String money(long micros) {
        return plain(BigDecimal.valueOf(micros, DECIMALS));
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static String text(Instant time) {
        return DateTimeFormatter.ISO_INSTANT.format(time.truncatedTo(ChronoUnit.MILLIS));
    }
}
