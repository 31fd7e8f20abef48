package io.adstream.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.adstream.testing.platform.StoredResults.Incident;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What is shown of the other jobs' results is what the stores hold. */
class ResultViewsITCase extends BusyStoresCase {

    @Test
    void budgetsGoByTheHashAndTheTable() {
        JsonNode budgets = dashboard.data("budgets");

        JsonNode first = budgets.path("campaigns").get(0);
        assertThat(first.path("campaign_id").asText()).isEqualTo("cmp-4");
        assertThat(first.path("status").asText()).isEqualTo("PAUSED");
        assertThat(first.path("table_status").asText()).isEqualTo("ACTIVE");
        assertThat(first.path("cause").asText()).isEqualTo("BUDGET");
        assertThat(first.path("usage").decimalValue()).isEqualByComparingTo("97.25");
        assertThat(first.path("daily_budget").decimalValue()).isEqualByComparingTo("400");
        assertThat(first.path("spent").decimalValue()).isEqualByComparingTo("389");
        assertThat(first.path("last_check").path("action").asText()).isEqualTo("OK");
        assertThat(budgets.path("total").asInt()).isEqualTo(18);
        assertThat(budgets.path("paused").asInt()).isEqualTo(2);
        assertThat(budgets.path("paused_by_budget").asInt()).isEqualTo(1);
        assertThat(budgets.path("unlimited").asInt()).isEqualTo(1);
        assertThat(budgets.path("control_down").asBoolean()).isFalse();
        assertThat(dashboard.data("budgets?show=paused").path("campaigns")).hasSize(2);
        assertThat(dashboard.data("budgets?find=CMP-1&limit=3").path("campaigns")).hasSize(3);
        assertThat(dashboard.data("budgets?find=CMP-1&limit=3").path("matching").asInt())
                .isEqualTo(10);
    }

    @Test
    void aPauseIsSeenAndBudgetControlThatIsDownIsSaid() {
        results.campaign("cmp-pausing", "adv-1", 10_000_000L, "USD");
        LocalDate today = Instant.now().atOffset(ZoneOffset.UTC).toLocalDate();
        results.spent("cmp-pausing", today, 9_000_000, 9);
        String call = "budgets?find=cmp-pausing";
        await().untilAsserted(
                        () ->
                                assertThat(
                                                dashboard
                                                        .data(call)
                                                        .path("campaigns")
                                                        .path(0)
                                                        .path("usage")
                                                        .decimalValue())
                                        .isEqualByComparingTo("90"));
        results.status("cmp-pausing", "PAUSED", "BUDGET", "95.5", "0.45", "1", Instant.now());

        await().untilAsserted(
                        () ->
                                assertThat(
                                                dashboard
                                                        .data(call)
                                                        .path("campaigns")
                                                        .get(0)
                                                        .path("status")
                                                        .asText())
                                        .isEqualTo("PAUSED"));
        database.execute("delete from budget.campaigns where campaign_id = 'cmp-pausing'");
    }

    @Test
    void anIncidentIsShownOnceAsItStands() {
        JsonNode alerts = dashboard.data("alerts");

        assertThat(alerts.path("open").asInt()).isEqualTo(3);
        assertThat(alerts.path("critical").asInt()).isEqualTo(1);
        assertThat(alerts.path("alerts").findValuesAsText("alert_id"))
                .containsExactly("al-3", "al-4", "al-1", "al-2");
        JsonNode flood = alerts.path("alerts").get(0);
        assertThat(flood.path("status").asText()).isEqualTo("UPDATE");
        assertThat(Instant.parse(flood.path("opened_at").asText()))
                .isBefore(Instant.parse(flood.path("at").asText()));
        assertThat(dashboard.data("alerts?status=resolved").path("alerts")).hasSize(1);
        assertThat(dashboard.data("alerts?severity=CRITICAL").path("alerts")).hasSize(1);
        assertThat(dashboard.data("alerts?rule_id=cvr-drop").path("alerts")).hasSize(1);

        Incident storm =
                new Incident("al-9", "ctr-spike", "CRITICAL", "ADVERTISER", "adv-3", "25 ads");
        Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        results.tell(storm, "OPEN", at);
        await().untilAsserted(() -> assertThat(status("al-9")).isEqualTo("OPEN"));
        results.tell(storm, "RESOLVED", at.plusSeconds(1));
        await().untilAsserted(() -> assertThat(status("al-9")).isEqualTo("RESOLVED"));
        // The table is behind: what is over stays over.
        results.row(storm, "UPDATE", at, at.plusSeconds(2));
        await().during(Duration.ofMillis(2_500)).until(() -> status("al-9").equals("RESOLVED"));
        database.execute("delete from alerts.alerts where alert_id = 'al-9'");
        try (Jedis client = redis.connect()) {
            client.xrevrange("alerts:recent", "+", "-", 2)
                    .forEach(entry -> client.xdel("alerts:recent", entry.getID()));
        }
        await().until(() -> status("al-9").isEmpty());
    }

    private static String status(String alert) {
        for (JsonNode known : dashboard.data("alerts").path("alerts")) {
            if (known.path("alert_id").asText().equals(alert)) {
                return known.path("status").asText();
            }
        }
        return "";
    }

    @Test
    void scoresAreRedisWhereItIsAheadOfTheTable() {
        JsonNode lowest = dashboard.data("quality?limit=3").path("scores");
        List<Map<String, Object>> rows =
                database.query(
                        "select ad_id, score from quality.scores order by score, ad_id limit 3");
        for (int i = 0; i < 3; i++) {
            assertThat(lowest.get(i).path("ad_id").asText()).isEqualTo(rows.get(i).get("ad_id"));
            assertThat(lowest.get(i).path("score").decimalValue())
                    .isEqualByComparingTo(decimal(rows.get(i), "score"));
        }
        String ad = lowest.get(0).path("ad_id").asText();
        results.hash("ad:" + ad + ":quality_score", Map.of("score", "1.05"));
        await().untilAsserted(
                        () ->
                                assertThat(
                                                dashboard
                                                        .data("quality?limit=3")
                                                        .path("scores")
                                                        .get(0)
                                                        .path("score")
                                                        .decimalValue())
                                        .isEqualByComparingTo("1.05"));
        assertThat(dashboard.data("quality").path("categories")).hasSize(4);
    }

    @Test
    void pointsOfPenaltiesAreToldAndRedisHasThemFirst() {
        JsonNode scores = dashboard.data("quality?limit=100").path("scores");
        for (JsonNode score : scores) {
            assertThat(score.path("penalty").decimalValue())
                    .as(score.toString())
                    .isEqualByComparingTo(
                            score.path("base_score")
                                    .decimalValue()
                                    .subtract(score.path("score").decimalValue()));
        }
        assertThat(scores.findValuesAsText("penalty")).contains("0", "2");

        results.score("ad-penalty", 1.1, 1.1000004, "rare", 2, 3);
        assertThat(penalty("rare").path("penalty").decimalValue())
                .as("rounding is no penalty")
                .isZero();
        results.servedScore("ad-penalty", 1.0, 2.5, "rare", 3, 3);
        await().untilAsserted(
                        () ->
                                assertThat(penalty("rare").path("penalty").decimalValue())
                                        .isEqualByComparingTo("1.5"));
        assertThat(penalty("rare").path("category_rank").asInt()).isEqualTo(3);
        database.execute("delete from quality.scores where ad_id = 'ad-penalty'");
    }

    private static JsonNode penalty(String category) {
        return dashboard.data("quality?category=" + category).path("scores").path(0);
    }

    @Test
    void attributionSharesAddUpToTheConversions() {
        JsonNode data = dashboard.data("attribution?limit=4");

        assertThat(data.path("conversions").asLong())
                .isEqualTo(
                        data.path("attributed").asLong()
                                + data.path("results").path("NO_CLICK").asLong())
                .isEqualTo(database.queryLong("select count(*) from attribution.conversions"));
        assertThat(data.path("receivers")).hasSize(5);
        assertThat(data.path("receivers").get(4).path("id").isNull()).isTrue();
        BigDecimal credits = BigDecimal.ZERO;
        BigDecimal shares = BigDecimal.ZERO;
        for (JsonNode receiver : data.path("receivers")) {
            JsonNode last = receiver.path("models").path("last_click");
            credits = credits.add(last.path("conversions").decimalValue());
            shares = shares.add(last.path("share").decimalValue());
        }
        assertThat(credits).isEqualByComparingTo(data.path("attributed").decimalValue());
        assertThat(shares.subtract(BigDecimal.valueOf(100)).abs())
                .isLessThan(new BigDecimal("0.001"));
        assertThat(
                        data.path("receivers")
                                .get(0)
                                .path("models")
                                .path("linear")
                                .path("value")
                                .decimalValue())
                .isPositive();
    }

    @Test
    void aUserIsWhatTheHashesSay() {
        // Of a user whose id begins alike.
        results.hash("session_features:u-42:7:" + open.toEpochMilli(), Map.of("event_count", "1"));
        await().untilAsserted(
                        () ->
                                assertThat(
                                                dashboard
                                                        .data("user?user_id=u-42")
                                                        .path("sessions_complete")
                                                        .asBoolean())
                                        .isTrue());
        JsonNode user = dashboard.data("user?user_id=u-42");
        assertThat(user.path("features").path("view_count_1h").asText()).isEqualTo("17");
        assertThat(user.path("interests").get(0).path("shoes").asDouble()).isEqualTo(9.25);
        assertThat(user.path("profile").has("interest:shoes")).isFalse();
        assertThat(user.path("retargeting").path("signal").asText()).isEqualTo("CART_ABANDONED");
        assertThat(user.path("sessions")).hasSize(1);
        assertThat(user.path("sessions").get(0).path("fields").path("event_count").asText())
                .isEqualTo("9");
        assertThat(user.path("ad_sessions")).hasSize(1);
        // Ids are texts, not patterns.
        await().untilAsserted(
                        () ->
                                assertThat(
                                                dashboard
                                                        .get("user?user_id=u-4*")
                                                        .path("state")
                                                        .asText())
                                        .isEqualTo("EMPTY"));
    }

    @Test
    void jobsAreFlinks() {
        FLINK.startIdle("adstream-metrics").awaitRunning();

        await().untilAsserted(
                        () -> {
                            JsonNode data = dashboard.data("jobs");
                            JsonNode job = data.path("jobs").path(0);
                            assertThat(job.path("name").asText()).isEqualTo("metrics");
                            assertThat(job.path("state").asText()).isEqualTo("RUNNING");
                            assertThat(job.path("checkpointed_at").isNull()).isFalse();
                            assertThat(job.path("watermark").isNull()).isFalse();
                            assertThat(job.path("url").asText())
                                    .isEqualTo(
                                            FLINK.restAddress()
                                                    + "/#/job/running/"
                                                    + job.path("id").asText()
                                                    + "/overview");
                            assertThat(data.path("running").asInt()).isEqualTo(1);
                            assertThat(data.path("missing"))
                                    .extracting(JsonNode::asText)
                                    .containsExactly(
                                            "attribution",
                                            "budget",
                                            "anomaly",
                                            "features",
                                            "quality");
                        });
    }

    @Test
    void dataQualityAddsTheMinutesUp() {
        JsonNode inputs = dashboard.data("data-quality?minutes=10").path("inputs");

        assertThat(inputs.findValuesAsText("topic"))
                .containsExactly("commerce-events", "ad-events");
        JsonNode ads = inputs.get(1);
        assertThat(ads.path("minutes")).hasSize(10);
        assertThat(ads.path("total").path("duplicate").asLong()).isEqualTo(610);
        assertThat(ads.path("by_code").path("BAD_VALUE").asLong()).isEqualTo(40);
        JsonNode total = ads.path("total");
        assertThat(total.path("received").asLong())
                .isEqualTo(
                        total.path("valid").asLong()
                                + total.path("duplicate").asLong()
                                + total.path("late").asLong()
                                + total.path("rejected").asLong());
    }
}
