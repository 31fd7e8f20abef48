package io.adstream.dashboard.view;

import io.adstream.dashboard.live.Content;
import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.Source;
import io.adstream.dashboard.live.Trouble;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.PostgresStore;
import io.adstream.dashboard.store.RedisStore;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Quality scores: how they spread, per category, and the ads at one end or those that changed. */
final class QualityView implements View {

    private static final Parameter ORDER = Parameter.choice("order", "lowest", "highest", "newest");
    private static final Parameter CATEGORY = Parameter.text("category");
    private static final Parameter LIMIT = Parameter.integer("limit", 10, 1, 100);

    private static final Map<String, String> ORDERS =
            Map.of("lowest", "score", "highest", "score desc", "newest", "updated_at desc");

    private static final String CATEGORIES =
            """
            select coalesce(category, 'unknown') as category, count(*) as ads, avg(score) as average,
              count(*) filter (where score < 4) as low,
              count(*) filter (where score >= 4 and score < 7) as middle,
              count(*) filter (where score >= 7) as high
            from quality.scores group by 1 order by 2 desc, 1 limit 50
            """;

    private final PostgresStore postgres;
    private final RedisStore redis;
    private final Source<List<Category>> categories;

    QualityView(PostgresStore postgres, RedisStore redis) {
        this.postgres = postgres;
        this.redis = redis;
        this.categories =
                new Source<>(
                        Duration.ofSeconds(10),
                        () ->
                                postgres.query(
                                        CATEGORIES,
                                        List.of(),
                                        row ->
                                                new Category(
                                                        row.getString("category"),
                                                        row.getLong("ads"),
                                                        row.getBigDecimal("average"),
                                                        row.getLong("low"),
                                                        row.getLong("middle"),
                                                        row.getLong("high"))));
    }

    /**
     * A category.
     *
     * @param average of the ads' scores
     * @param low ads below 4
     * @param middle ads from 4 and below 7
     * @param high ads from 7
     */
    record Category(
            String category, long ads, BigDecimal average, long low, long middle, long high) {}

    /**
     * An ad.
     *
     * @param score what is served: Redis', else PostgreSQL's
     * @param baseScore before penalties
     * @param penalty the points that penalties in force take off; 0 without any
     */
    record Score(
            String adId,
            BigDecimal score,
            BigDecimal baseScore,
            BigDecimal penalty,
            @Nullable String category,
            @Nullable Integer categoryRank,
            @Nullable Integer categorySize,
            Instant updatedAt) {

        static Score of(
                String adId,
                BigDecimal score,
                BigDecimal baseScore,
                @Nullable String category,
                @Nullable Integer categoryRank,
                @Nullable Integer categorySize,
                Instant updatedAt) {
            return new Score(
                    adId,
                    score,
                    baseScore,
                    penalty(score, baseScore),
                    category,
                    categoryRank,
                    categorySize,
                    updatedAt);
        }

        /** The table has the score with four decimals, the base with all: less is no penalty. */
        private static BigDecimal penalty(BigDecimal score, BigDecimal baseScore) {
            BigDecimal points = baseScore.subtract(score).setScale(3, RoundingMode.HALF_EVEN);
            return points.signum() > 0 ? points.stripTrailingZeros() : BigDecimal.ZERO;
        }
    }

    /** What is shown. */
    record Data(List<Category> categories, List<Score> scores) {}

    @Override
    public String name() {
        return "quality";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(ORDER, CATEGORY, LIMIT);
    }

    @Override
    public Duration interval(Query query) {
        return Duration.ofSeconds(1);
    }

    @Override
    public Loader open(Query query) {
        String category = query.text(CATEGORY.name());
        String sql =
                "select * from quality.scores"
                        + (category.isEmpty() ? "" : " where coalesce(category, 'unknown') = ?")
                        + " order by "
                        + ORDERS.get(query.text(ORDER.name()))
                        + ", ad_id limit "
                        + query.integer(LIMIT.name());
        Source<List<Score>> scores =
                new Source<>(
                        Duration.ofSeconds(3),
                        () ->
                                postgres.query(
                                        sql,
                                        category.isEmpty() ? List.of() : List.of(category),
                                        row ->
                                                Score.of(
                                                        row.getString("ad_id"),
                                                        row.getBigDecimal("score"),
                                                        BigDecimal.valueOf(
                                                                row.getDouble("base_score")),
                                                        row.getString("category"),
                                                        row.getObject(
                                                                "category_rank", Integer.class),
                                                        row.getObject(
                                                                "category_size", Integer.class),
                                                        PostgresStore.timeOf(row, "updated_at"))));
        return () -> {
            List<Trouble> troubles = new ArrayList<>();
            List<Score> stored = scores.read();
            List<Map<String, String>> served =
                    new Source<>(
                                    () ->
                                            redis.hashes(
                                                    stored.stream()
                                                            .map(
                                                                    score ->
                                                                            "ad:"
                                                                                    + score.adId
                                                                                    + ":quality_score")
                                                            .toList()))
                            .read(troubles, List.of());
            List<Score> shown = new ArrayList<>();
            for (int i = 0; i < stored.size(); i++) {
                shown.add(i < served.size() ? newer(stored.get(i), served.get(i)) : stored.get(i));
            }
            return new Content(
                    new Data(categories.read(troubles, List.of()), shown),
                    shown.isEmpty(),
                    troubles);
        };
    }

    /** PostgreSQL gets scores in batches; Redis has them first. */
    private static Score newer(Score stored, Map<String, String> hash) {
        BigDecimal score = Counts.decimalOrNull(hash, "score");
        if (score == null) {
            return stored;
        }
        BigDecimal base = Counts.decimalOrNull(hash, "base_score");
        Instant updated = LiveWindowView.time(hash, "updated_at");
        return Score.of(
                stored.adId,
                score,
                base == null ? stored.baseScore : base,
                hash.getOrDefault("category", stored.category),
                integer(hash, "category_rank", stored.categoryRank),
                integer(hash, "category_size", stored.categorySize),
                updated == null ? stored.updatedAt : updated);
    }

    private static @Nullable Integer integer(
            Map<String, String> hash, String field, @Nullable Integer otherwise) {
        BigDecimal number = Counts.decimalOrNull(hash, field);
        return number == null ? otherwise : Integer.valueOf(number.intValue());
    }
}
