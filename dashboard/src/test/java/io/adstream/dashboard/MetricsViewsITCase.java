package io.adstream.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.adstream.testing.platform.StoredResults.Counted;
import io.adstream.testing.platform.StoredResults.Entity;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What is shown of metrics is what the stores hold. */
class MetricsViewsITCase extends BusyStoresCase {

    @Test
    void theWholeIsTheSumOfTheAdvertisersInEachWindow() {
        JsonNode series = dashboard.data("series?points=60");

        assertThat(series.path("currencies")).hasSize(1);
        assertThat(series.path("points")).hasSize(60);
        Map<String, Object> stored =
                database.query(
                                "select sum(impressions) i, sum(clicks) c, sum(conversions) v,"
                                        + " sum(total_cost) cost, sum(total_revenue) revenue from"
                                        + " realtime.metrics_1min where entity_type = 'ADVERTISER'"
                                        + " and window_start >= '"
                                        + open.minus(MINUTE.multipliedBy(60))
                                        + "'")
                        .get(0);
        assertThat(sum(series, "impressions")).isEqualByComparingTo(decimal(stored, "i"));
        assertThat(sum(series, "clicks")).isEqualByComparingTo(decimal(stored, "c"));
        assertThat(sum(series, "conversions")).isEqualByComparingTo(decimal(stored, "v"));
        assertThat(sum(series, "total_cost")).isEqualByComparingTo(decimal(stored, "cost"));
        assertThat(sum(series, "total_revenue")).isEqualByComparingTo(decimal(stored, "revenue"));
        JsonNode last = series.path("points").get(59);
        assertThat(Instant.parse(last.path("window_start").asText())).isEqualTo(open.minus(MINUTE));
        assertThat(last.path("complete").asBoolean()).isFalse();
        assertThat(series.path("points").get(0).path("complete").asBoolean()).isTrue();
    }

    @Test
    void nothingIsSaidOfTheTimeBeforeTheOldestWindow() {
        String oldest =
                "select extract(epoch from min(window_start))::bigint from realtime.metrics_1min";

        JsonNode points = dashboard.data("series?points=240").path("points");
        assertThat(points).hasSize(65);
        assertThat(Instant.parse(points.get(0).path("window_start").asText()).getEpochSecond())
                .isEqualTo(database.queryLong(oldest));
    }

    @Test
    void oneEntityAndOneCategoryHaveTheirOwnRows() {
        JsonNode ad = dashboard.data("series?scope=ad&id=ad-7&points=10").path("points").get(9);
        Map<String, Object> row =
                database.query(
                                "select * from realtime.metrics_1min where entity_type = 'AD' and"
                                        + " entity_id = 'ad-7' order by window_start desc limit 1")
                        .get(0);
        for (String field : List.of("impressions", "clicks", "total_cost", "ctr", "cvr", "cpc")) {
            assertThat(ad.path(field).decimalValue())
                    .as(field)
                    .isEqualByComparingTo(decimal(row, field));
        }

        await().untilAsserted(
                        () ->
                                assertThat(
                                                dashboard
                                                        .data("series?scope=category&id=shoes")
                                                        .path("loading")
                                                        .asBoolean())
                                        .isFalse());
        JsonNode shoes = dashboard.data("series?scope=category&id=shoes");
        assertThat(sum(shoes, "clicks"))
                .isEqualByComparingTo(
                        BigDecimal.valueOf(
                                database.queryLong(
                                        "select sum(clicks) from realtime.metrics_1min where"
                                                + " entity_type = 'AD' and category = 'shoes' and"
                                                + " window_start >= '"
                                                + open.minus(MINUTE.multipliedBy(60))
                                                + "'")));
        assertThat(dashboard.get("series?scope=ad&id=nobody").path("state").asText())
                .isEqualTo("EMPTY");
    }

    @Test
    void anAmendedWindowAndANewOneAreSeen() {
        Entity advertiser = Entity.advertiser("adv-amended");
        Instant late = open.minus(MINUTE.multipliedBy(4));
        results.closed(advertiser, MINUTE, late, new Counted(100, 10, 1, 2_500_000, 30_000_000));
        String call = "series?scope=advertiser&id=adv-amended&points=5";
        await().untilAsserted(
                        () ->
                                assertThat(sum(dashboard.data(call), "clicks"))
                                        .isEqualByComparingTo("10"));

        results.closed(advertiser, MINUTE, late, new Counted(101, 11, 1, 2_750_000, 30_000_000));

        await().untilAsserted(
                        () ->
                                assertThat(sum(dashboard.data(call), "clicks"))
                                        .isEqualByComparingTo("11"));
        database.execute("delete from realtime.metrics_1min where entity_id = 'adv-amended'");
    }

    @Test
    void theOpenWindowIsRedis() {
        JsonNode live = dashboard.data("live?scope=campaign&id=cmp-2").path("live");
        JsonNode whole = dashboard.data("live");
        try (Jedis client = redis.connect()) {
            Map<String, String> hash = client.hgetAll("campaign:cmp-2:metrics:1m:live");
            for (String field : List.of("impressions", "clicks", "total_cost", "ctr", "cpc")) {
                assertThat(live.path(field).decimalValue())
                        .as(field)
                        .isEqualByComparingTo(hash.get(field));
            }
            long impressions = 0;
            for (int i = 1; i <= 6; i++) {
                impressions +=
                        Long.parseLong(
                                client.hget(
                                        "advertiser:adv-" + i + ":metrics:1m:live", "impressions"));
            }
            assertThat(whole.path("live").path("impressions").asLong()).isEqualTo(impressions);
        }
        assertThat(whole.path("closed").path("window_start").asText())
                .isEqualTo(
                        dashboard
                                .data("series")
                                .path("points")
                                .get(59)
                                .path("window_start")
                                .asText());
        assertThat(whole.path("closed").path("clicks"))
                .isEqualTo(dashboard.data("series").path("points").get(59).path("clicks"));
    }

    @Test
    void moneyOfSeveralCurrenciesIsNotAddedUp() {
        results.campaign("cmp-euro", "adv-euro", 1_000_000L, "EUR");
        Instant start = open.minus(MINUTE.multipliedBy(2));
        results.closed(
                Entity.advertiser("adv-euro"),
                MINUTE,
                start,
                new Counted(1_000, 10, 0, 5_000_000, 0));
        try {
            await().untilAsserted(
                            () ->
                                    assertThat(dashboard.data("series?points=3").path("currencies"))
                                            .hasSize(2));
            JsonNode both = dashboard.data("series?points=3").path("points").get(1);
            assertThat(both.path("total_cost").isNull()).isTrue();
            assertThat(both.path("cpc").isNull()).isTrue();
            assertThat(both.path("impressions").asLong()).isGreaterThan(1_000);
            JsonNode euro = dashboard.data("series?points=3&currency=EUR").path("points").get(1);
            assertThat(euro.path("total_cost").decimalValue()).isEqualByComparingTo("5");
            assertThat(euro.path("cpc").decimalValue()).isEqualByComparingTo("0.5");
            assertThat(euro.path("impressions").asLong()).isEqualTo(1_000);
        } finally {
            database.execute(
                    "delete from realtime.metrics_1min where entity_id = 'adv-euro'; delete from"
                            + " budget.campaigns where campaign_id = 'cmp-euro'");
        }
    }

    @Test
    void topAdsLeadInTheNewestWindow() {
        for (String by : List.of("impressions", "clicks", "total_cost")) {
            JsonNode top = dashboard.data("top-ads?limit=5&by=" + by);
            List<Map<String, Object>> rows =
                    database.query(
                            "select entity_id, "
                                    + by
                                    + " from realtime.metrics_1min where entity_type = 'AD' and"
                                    + " window_start = '"
                                    + open.minus(MINUTE)
                                    + "' order by 2 desc, impressions desc, entity_id limit 5");
            for (int i = 0; i < 5; i++) {
                JsonNode ad = top.path("ads").get(i);
                assertThat(ad.path("ad_id").asText()).isEqualTo(rows.get(i).get("entity_id"));
                assertThat(ad.path(by).decimalValue())
                        .isEqualByComparingTo(decimal(rows.get(i), by));
                assertThat(ad.path("live").path("impressions").asLong()).isPositive();
                assertThat(ad.path("currency").asText()).isEqualTo("USD");
            }
        }
        JsonNode first = dashboard.data("top-ads?limit=100").path("ads");
        assertThat(first)
                .filteredOn(ad -> ad.path("ad_id").asText().equals("ad-3"))
                .singleElement()
                .satisfies(
                        ad ->
                                assertThat(ad.path("attributed").path("conversions").asInt())
                                        .isEqualTo(7));
    }

    @Test
    void suggestsTheBusiestIdsThatContainAText() {
        assertThat(dashboard.data("entities?scope=category").path("ids")).hasSize(4);
        assertThat(dashboard.data("entities?scope=ad&find=AD-1&limit=3").path("ids"))
                .hasSize(3)
                .allSatisfy(id -> assertThat(id.asText()).startsWith("ad-1"));
        assertThat(dashboard.get("entities?scope=ad&find=%25_%27").path("state").asText())
                .isEqualTo("EMPTY");
    }
}
