package io.adstream.dashboard.view;

import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.FlinkStore;
import io.adstream.dashboard.store.PostgresStore;
import io.adstream.dashboard.store.RedisStore;
import io.adstream.dashboard.store.ServiceWatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every view of the page. */
public final class Views {

    private Views() {}

    /**
     * The views by name.
     *
     * @param flinkPublicUrl Flink's WebUI as a browser reaches it
     */
    public static Map<String, View> all(
            RedisStore redis,
            PostgresStore postgres,
            FlinkStore flink,
            ServiceWatch watch,
            String flinkPublicUrl) {
        Map<String, View> views = new LinkedHashMap<>();
        for (View view :
                List.of(
                        new ServicesView(watch),
                        new SeriesView(postgres),
                        new LiveWindowView(redis, new Advertisers(postgres)),
                        new TopAdsView(postgres, redis),
                        new BudgetsView(postgres, new Campaigns(postgres, redis)),
                        new AlertsView(postgres, redis),
                        new QualityView(postgres, redis),
                        new AttributionView(postgres),
                        new UserView(redis),
                        new JobsView(flink, postgres, flinkPublicUrl),
                        new DataQualityView(postgres),
                        new EntitiesView(postgres))) {
            views.put(view.name(), view);
        }
        return views;
    }
}
