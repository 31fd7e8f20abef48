package io.adstream.dashboard.view;

import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.PostgresStore;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The metrics of closed windows over time, as PostgreSQL has them. */
final class SeriesView implements View {

    static final Parameter POINTS = Parameter.integer("points", 60, 2, 240);

    private final PostgresStore postgres;
    private final StoredWindows windows;

    SeriesView(PostgresStore postgres) {
        this.postgres = postgres;
        this.windows = new StoredWindows(postgres);
    }

    @Override
    public String name() {
        return "series";
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.concat(Scope.PARAMETERS.stream(), Stream.of(Window.PARAMETER, POINTS))
                .toList();
    }

    @Override
    public void check(Query query) {
        Scope.check(query);
    }

    @Override
    public Duration interval(Query query) {
        // The windows of a category are added up from its ads.
        return Duration.ofSeconds(Scope.of(query) == Scope.CATEGORY ? 3 : 1);
    }

    @Override
    public Loader open(Query query) {
        return new SeriesLoader(
                postgres,
                windows,
                Scope.of(query),
                query.text(Scope.ID.name()),
                query.text(Scope.CURRENCY.name()),
                Window.of(query),
                query.integer(POINTS.name()));
    }
}
