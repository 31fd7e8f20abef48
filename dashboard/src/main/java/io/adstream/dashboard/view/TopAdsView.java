package io.adstream.dashboard.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.adstream.dashboard.live.Content;
import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.Source;
import io.adstream.dashboard.live.Trouble;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.PostgresStore;
import io.adstream.dashboard.store.RedisStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ads that lead in the newest closed window, with what Redis has of them: the open window, the
 * quality score, the conversions attributed in the last hour.
 */
final class TopAdsView implements View {

    private static final Parameter BY =
            Parameter.choice(
                    "by",
                    "impressions",
                    "clicks",
                    "conversions",
                    "total_cost",
                    "total_revenue",
                    "ctr",
                    "cvr",
                    "cpc");
    private static final Parameter LIMIT = Parameter.integer("limit", 10, 1, 100);

    /** So that two clicks of three impressions do not lead. */
    private static final Map<String, String> ENOUGH =
            Map.of(
                    "ctr", " and m.impressions >= 100",
                    "cvr", " and m.clicks >= 10",
                    "cpc", " and m.clicks >= 10");

    private static final int KEYS_PER_AD = 3;

    private final PostgresStore postgres;
    private final RedisStore redis;

    TopAdsView(PostgresStore postgres, RedisStore redis) {
        this.postgres = postgres;
        this.redis = redis;
    }

    private record Row(
            String adId,
            @Nullable String campaignId,
            @Nullable String advertiserId,
            @Nullable String category,
            @Nullable String currency,
            Instant windowStart,
            Instant windowEnd,
            Counts counts) {}

    /** The rolling hour of attribution. */
    record Attributed(BigDecimal conversions, BigDecimal value, BigDecimal cvr) {}

    /** One ad. */
    record Ad(
            String adId,
            @Nullable String campaignId,
            @Nullable String advertiserId,
            @Nullable String category,
            @Nullable String currency,
            @JsonUnwrapped Counts counts,
            LiveWindowView.@Nullable OpenWindow live,
            @Nullable BigDecimal qualityScore,
            @Nullable Attributed attributed) {}

    /** What is shown. */
    record Data(@Nullable Instant windowStart, @Nullable Instant windowEnd, List<Ad> ads) {}

    @Override
    public String name() {
        return "top-ads";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Window.PARAMETER, BY, Scope.CURRENCY, LIMIT);
    }

    @Override
    public Duration interval(Query query) {
        return Duration.ofSeconds(1);
    }

    @Override
    public Loader open(Query query) {
        Window window = Window.of(query);
        Source<List<Row>> rows =
                new Source<>(
                        Duration.ofSeconds(2),
                        () ->
                                rows(
                                        window,
                                        query.text(BY.name()),
                                        query.text(Scope.CURRENCY.name()),
                                        query.integer(LIMIT.name())));
        return () -> {
            List<Row> leading = rows.read();
            List<Trouble> troubles = new ArrayList<>();
            // Not remembered: what is live is of this moment or not shown.
            List<Map<String, String>> live =
                    new Source<>(() -> redis.hashes(keys(leading, window)))
                            .read(troubles, List.of());
            List<Ad> ads = new ArrayList<>();
            for (int i = 0; i < leading.size(); i++) {
                int at = KEYS_PER_AD * i;
                ads.add(
                        ad(
                                leading.get(i),
                                live.isEmpty()
                                        ? List.of(Map.of(), Map.of(), Map.of())
                                        : live.subList(at, at + KEYS_PER_AD)));
            }
            return new Content(
                    new Data(
                            leading.isEmpty() ? null : leading.get(0).windowStart,
                            leading.isEmpty() ? null : leading.get(0).windowEnd,
                            ads),
                    ads.isEmpty(),
                    troubles);
        };
    }

    private List<Row> rows(Window window, String by, String currency, int limit) {
        // "by" is one of the names above, never a text of the request's own.
        String sql =
                "select m.*, c.currency from "
                        + window.table()
                        + " m left join (select advertiser_id, max(currency) as currency from"
                        + " budget.campaigns group by advertiser_id) c using (advertiser_id)"
                        + " where m.entity_type = 'AD' and m.window_start = (select max(window_start)"
                        + " from "
                        + window.table()
                        + " where entity_type = 'AD')"
                        + ENOUGH.getOrDefault(by, "")
                        + (currency.isEmpty() ? "" : " and c.currency = ?")
                        + " order by m."
                        + by
                        + " desc, m.impressions desc, m.entity_id limit "
                        + limit;
        return postgres.query(
                sql,
                currency.isEmpty() ? List.of() : List.of(currency),
                row ->
                        new Row(
                                row.getString("entity_id"),
                                row.getString("campaign_id"),
                                row.getString("advertiser_id"),
                                row.getString("category"),
                                row.getString("currency"),
                                PostgresStore.timeOf(row, "window_start"),
                                PostgresStore.timeOf(row, "window_end"),
                                Counts.of(row)));
    }

    private static List<String> keys(List<Row> rows, Window window) {
        List<String> keys = new ArrayList<>();
        for (Row row : rows) {
            keys.add("ad:" + row.adId + ":metrics:" + window.text() + ":live");
            keys.add("ad:" + row.adId + ":quality_score");
            keys.add("ad:" + row.adId + ":attribution");
        }
        return keys;
    }

    private static Ad ad(Row row, List<Map<String, String>> hashes) {
        Map<String, String> hour = hashes.get(2);
        return new Ad(
                row.adId,
                row.campaignId,
                row.advertiserId,
                row.category,
                row.currency,
                row.counts,
                LiveWindowView.read(hashes.get(0)),
                Counts.decimalOrNull(hashes.get(1), "score"),
                hour.isEmpty()
                        ? null
                        : new Attributed(
                                Counts.decimal(hour, "attributed_conversions"),
                                Counts.decimal(hour, "attributed_value"),
                                Counts.decimal(hour, "cvr")));
    }
}
