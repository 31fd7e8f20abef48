package io.adstream.dashboard.view;

import io.adstream.dashboard.live.Content;
import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.PostgresStore;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the models share conversions out, and which conversions found a click. */
final class AttributionView implements View {

    static final List<String> MODELS =
            List.of("last_click", "first_click", "linear", "time_decay", "position_based");

    private static final Parameter RANGE = Parameter.choice("range", "1h", "24h", "7d");
    private static final Parameter BY = Parameter.choice("by", "campaign", "advertiser", "ad");
    private static final Parameter LIMIT = Parameter.integer("limit", 8, 1, 100);

    private static final Map<String, Duration> RANGES =
            Map.of(
                    "1h",
                    Duration.ofHours(1),
                    "24h",
                    Duration.ofHours(24),
                    "7d",
                    Duration.ofDays(7));
    private static final Map<String, Duration> INTERVALS =
            Map.of(
                    "1h", Duration.ofSeconds(5),
                    "24h", Duration.ofSeconds(30),
                    "7d", Duration.ofSeconds(120));
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final int DECIMALS = 6;

    /** The newest conversion is found from its time on backwards, by an index. */
    private static final String NEWEST =
            "select max(conversion_time) as newest from attribution.conversions";

    private static final String RESULTS =
            """
            select coalesce(match, reason, status) as result, count(*) as conversions
            from attribution.conversions where conversion_time > ? group by 1
            """;

    private final PostgresStore postgres;

    AttributionView(PostgresStore postgres) {
        this.postgres = postgres;
    }

    private record Credit(String model, String id, BigDecimal conversions, BigDecimal value) {}

    /**
     * What one gets by one model.
     *
     * @param conversions credits, in conversions
     * @param share of all credits of the model, in percent
     * @param value its share of the conversions' values, in its own currency
     */
    record Part(BigDecimal conversions, BigDecimal share, @Nullable BigDecimal value) {}

    /**
     * Who gets credits.
     *
     * @param id null for all others together, whose values are not added up
     */
    record Receiver(@Nullable String id, Map<String, Part> models) {}

    /**
     * What is shown.
     *
     * @param results conversions by how they found a click (SESSION, DEVICE), or why they did not
     */
    record Data(
            @Nullable Instant from,
            @Nullable Instant to,
            long conversions,
            long attributed,
            Map<String, Long> results,
            List<Receiver> receivers) {}

    @Override
    public String name() {
        return "attribution";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RANGE, BY, LIMIT);
    }

    @Override
    public Duration interval(Query query) {
        return INTERVALS.get(query.text(RANGE.name()));
    }

    @Override
    public Loader open(Query query) {
        Duration range = RANGES.get(query.text(RANGE.name()));
        String column = query.text(BY.name()) + "_id";
        int limit = query.integer(LIMIT.name());
        return () -> {
            Instant to = newest();
            if (to == null) {
                return Content.of(new Data(null, null, 0, 0, Map.of(), List.of()), true);
            }
            Instant from = to.minus(range);
            Map<String, Long> results = new LinkedHashMap<>();
            postgres.query(
                    RESULTS,
                    List.of(from),
                    row -> results.put(row.getString("result"), row.getLong("conversions")));
            long attributed =
                    results.getOrDefault("SESSION", 0L) + results.getOrDefault("DEVICE", 0L);
            return Content.of(
                    new Data(
                            from,
                            to,
                            results.values().stream().mapToLong(Long::longValue).sum(),
                            attributed,
                            results,
                            receivers(credits(column, from), limit)),
                    results.isEmpty());
        };
    }

    private @Nullable Instant newest() {
        List<Instant> newest = new ArrayList<>();
        postgres.query(
                NEWEST,
                List.of(),
                row -> {
                    Instant time = PostgresStore.time(row, "newest");
                    return time != null && newest.add(time);
                });
        return newest.isEmpty() ? null : newest.get(0);
    }

    private List<Credit> credits(String column, Instant from) {
        return postgres.query(
                "select k.model, coalesce(k."
                        + column
                        + ", '') as id, sum(k.credit_millionths) as millionths, sum(k.value) as value"
                        + " from attribution.conversions c join attribution.credits k using"
                        + " (conversion_id) where c.conversion_time > ? group by 1, 2",
                List.of(from),
                row ->
                        new Credit(
                                row.getString("model"),
                                row.getString("id"),
                                row.getBigDecimal("millionths")
                                        .divide(MILLION, DECIMALS, RoundingMode.HALF_EVEN),
                                row.getBigDecimal("value")));
    }

    /** Those with the most credits over all models, and the others together. */
    private static List<Receiver> receivers(List<Credit> credits, int limit) {
        Map<String, BigDecimal> totals = new HashMap<>();
        Map<String, BigDecimal> byId = new HashMap<>();
        for (Credit credit : credits) {
            totals.merge(credit.model, credit.conversions, BigDecimal::add);
            byId.merge(credit.id, credit.conversions, BigDecimal::add);
        }
        List<String> leading =
                byId.entrySet().stream()
                        .sorted(
                                Map.Entry.<String, BigDecimal>comparingByValue()
                                        .reversed()
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .limit(limit)
                        .map(Map.Entry::getKey)
                        .toList();
        Map<String, Map<String, Part>> parts = new LinkedHashMap<>();
        leading.forEach(id -> parts.put(id, new LinkedHashMap<>()));
        Map<String, BigDecimal> others = new HashMap<>();
        credits.stream()
                .sorted(Comparator.comparingInt(credit -> MODELS.indexOf(credit.model)))
                .forEach(
                        credit -> {
                            Map<String, Part> models = parts.get(credit.id);
                            if (models == null) {
                                others.merge(credit.model, credit.conversions, BigDecimal::add);
                            } else {
                                models.put(
                                        credit.model,
                                        part(
                                                credit.conversions,
                                                credit.value,
                                                totals,
                                                credit.model));
                            }
                        });
        List<Receiver> receivers = new ArrayList<>();
        parts.forEach((id, models) -> receivers.add(new Receiver(id, models)));
        if (!others.isEmpty()) {
            Map<String, Part> models = new LinkedHashMap<>();
            for (String model : MODELS) {
                if (others.containsKey(model)) {
                    models.put(model, part(others.get(model), null, totals, model));
                }
            }
            receivers.add(new Receiver(null, models));
        }
        return receivers;
    }

    private static Part part(
            BigDecimal conversions,
            @Nullable BigDecimal value,
            Map<String, BigDecimal> totals,
            String model) {
        BigDecimal total = totals.getOrDefault(model, BigDecimal.ZERO);
        return new Part(
                conversions,
                total.signum() == 0
                        ? BigDecimal.ZERO
                        : conversions
                                .movePointRight(2)
                                .divide(total, DECIMALS, RoundingMode.HALF_EVEN),
                value);
    }
}
