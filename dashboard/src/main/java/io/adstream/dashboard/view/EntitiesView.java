package io.adstream.dashboard.view;

import io.adstream.dashboard.live.Content;
import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.PostgresStore;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Ids to choose from: those with rows in the newest windows that contain a text. */
final class EntitiesView implements View {

    private static final Parameter SCOPE =
            Parameter.choice("scope", "advertiser", "campaign", "ad", "category");
    private static final Parameter FIND = Parameter.text("find");
    private static final Parameter LIMIT = Parameter.integer("limit", 20, 1, 100);

    /** Of the newest ten windows of five minutes, or of one minute while there is none. */
    private static final String ROWS =
            """
            with rows as (
              select %1$s as id, impressions from realtime.metrics_5min
              where entity_type = ? and window_start > (
                select max(window_start) - interval '50 minutes' from realtime.metrics_5min
                where entity_type = 'ADVERTISER')
              union all
              select %1$s, impressions from realtime.metrics_1min
              where entity_type = ? and window_start = (
                select max(window_start) from realtime.metrics_1min where entity_type = 'ADVERTISER'))
            select id from rows where strpos(lower(id), ?) > 0
            group by id order by sum(impressions) desc, id limit ?
            """;

    private final PostgresStore postgres;

    EntitiesView(PostgresStore postgres) {
        this.postgres = postgres;
    }

    /** What is shown, the busiest first. */
    record Data(List<String> ids) {}

    @Override
    public String name() {
        return "entities";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(SCOPE, FIND, LIMIT);
    }

    @Override
    public Duration interval(Query query) {
        return Duration.ofSeconds(10);
    }

    @Override
    public Loader open(Query query) {
        String scope = query.text(SCOPE.name());
        boolean category = scope.equals("category");
        String type = category ? "AD" : scope.toUpperCase(Locale.ROOT);
        String sql = ROWS.formatted(category ? "coalesce(category, 'unknown')" : "entity_id");
        List<Object> arguments =
                List.of(
                        type,
                        type,
                        query.text(FIND.name()).toLowerCase(Locale.ROOT),
                        query.integer(LIMIT.name()));
        return () -> {
            List<String> ids = postgres.query(sql, arguments, row -> row.getString("id"));
            return Content.of(new Data(ids), ids.isEmpty());
        };
    }
}
