package io.adstream.dashboard.view;

import io.adstream.dashboard.live.Source;
import io.adstream.dashboard.live.Trouble;
import io.adstream.dashboard.store.PostgresStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which advertisers there are, and the currency of each: of the platform's campaigns, and of those
 * that have been counted within two hours. Read every ten seconds at most.
 */
final class Advertisers {

    /** The currency of an advertiser whose campaigns the platform does not know. */
    static final String UNKNOWN_CURRENCY = "";

    /** More are not added up live: their hashes are read twice a second. */
    private static final int MOST = 5_000;

    private static final String SQL =
            """
            select advertiser_id, max(currency) as currency
            from (
              select advertiser_id, currency from budget.campaigns
              union all
              select entity_id, '' from realtime.metrics_1min
              where entity_type = 'ADVERTISER' and window_start >= (
                select max(window_start) - interval '2 hours' from realtime.metrics_1min
                where entity_type = 'ADVERTISER')
            ) known
            group by advertiser_id order by advertiser_id limit\s"""
                    + MOST;

    private final Source<Map<String, String>> currencies;

    Advertisers(PostgresStore postgres) {
        this.currencies =
                new Source<>(
                        Duration.ofSeconds(10),
                        () -> {
                            Map<String, String> read = new LinkedHashMap<>();
                            postgres.query(
                                            SQL,
                                            List.of(),
                                            row -> Map.entry(row.getString(1), row.getString(2)))
                                    .forEach(entry -> read.put(entry.getKey(), entry.getValue()));
                            return read;
                        });
    }

    /** Currencies by advertiser. */
    Map<String, String> currencies(List<Trouble> troubles) {
        return currencies.read(troubles, Map.of());
    }
}
