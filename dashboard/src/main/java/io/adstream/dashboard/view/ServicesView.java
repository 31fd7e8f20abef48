package io.adstream.dashboard.view;

import io.adstream.dashboard.live.Content;
import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.ServiceWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which services are there. */
final class ServicesView implements View {

    private final ServiceWatch watch;

    ServicesView(ServiceWatch watch) {
        this.watch = watch;
    }

    /** A service; {@code state} is UNKNOWN, UP or AWAY, {@code since} when it came into it. */
    record Service(String name, ServiceWatch.State state, Instant since, @Nullable String reason) {}

    /** What is shown. */
    record Data(List<Service> services) {}

    @Override
    public String name() {
        return "services";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    public Duration interval(Query query) {
        return Duration.ofMillis(250);
    }

    @Override
    public Loader open(Query query) {
        return () ->
                Content.of(
                        new Data(
                                watch.all().entrySet().stream()
                                        .map(
                                                entry ->
                                                        new Service(
                                                                entry.getKey().title(),
                                                                entry.getValue().state(),
                                                                entry.getValue().since(),
                                                                entry.getValue().reason()))
                                        .toList()),
                        false);
    }
}
