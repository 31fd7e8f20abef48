package io.adstream.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import io.adstream.dashboard.Dashboard;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.platform.StoredResults.Counted;
import io.adstream.testing.platform.StoredResults.Entity;
import io.adstream.testing.platform.StoredResults.Incident;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What the page shows, in a real browser on real stores. */
class DashboardPageITCase extends PageCase {

    private static final double SOON = 2_000;
    private static final String HOSTILE = "<script>window.hacked=1</script>";
    private static final String IMAGE = "<img src=x onerror=\"window.hacked=1\">";

    @BeforeEach
    void openThePage() {
        run("metrics");
        visit(dashboard);
    }

    @Test
    void theNumbersAreThoseOfPostgresAndRedis() {
        Map<String, Object> whole =
                database.query(
                                "select sum(impressions) i, sum(clicks) c, sum(conversions) v,"
                                        + " sum(total_cost) cost, sum(total_revenue) revenue from"
                                        + " realtime.metrics_1min where entity_type = 'ADVERTISER'"
                                        + " and window_start = '"
                                        + open.minusSeconds(60)
                                        + "'")
                        .get(0);
        BigDecimal clicks = number(whole, "c");
        assertThat(tile("CTR")).hasText(percent(clicks, number(whole, "i")));
        assertThat(tile("CVR")).hasText(percent(number(whole, "v"), clicks));
        assertThat(tile("Cost")).hasText(String.format(Locale.US, "%,.2f", number(whole, "cost")));
        assertThat(tile("Revenue"))
                .hasText(String.format(Locale.US, "%,.2f", number(whole, "revenue")));
        page.locator("#numbers summary").click();
        assertThat(page.locator("#numbers tbody tr")).hasCount(60);
        assertThat(page.locator("#numbers tbody tr").first().locator("td").nth(1))
                .hasText(String.format(Locale.US, "%,d", number(whole, "i").longValue()));

        Map<String, Object> top =
                database.query(
                                "select * from realtime.metrics_1min where entity_type = 'AD' and"
                                        + " window_start = '"
                                        + open.minusSeconds(60)
                                        + "' order by impressions desc, entity_id limit 1")
                        .get(0);
        Locator first = page.locator("#top-table tbody tr").first().locator("td");
        assertThat(first.nth(0)).hasText(String.valueOf(top.get("entity_id")));
        assertThat(first.nth(3)).hasText(String.valueOf(top.get("impressions")));
        assertThat(first.nth(4)).hasText(String.valueOf(top.get("clicks")));

        Locator paused = row("budget-table", "cmp-4").locator("td");
        assertThat(paused.nth(2)).hasText("paused (budget)");
        assertThat(paused.nth(3)).containsText("97.25 %");
        assertThat(paused.nth(4)).hasText("389.00 USD");
        assertThat(page.locator("#alert-count")).hasText("3 open, 1 critical");
        assertThat(row("job-table", "metrics").locator("td").nth(1)).hasText("running");
        assertThat(page.locator("#ingest [data-part=duplicate] dd").first()).containsText("%");
        assertThat(page.locator("#attribution-summary"))
                .containsText(
                        "of " + database.queryLong("select count(*) from attribution.conversions"));
        assertThat(page.locator("#flink-link")).hasAttribute("href", FLINK.restAddress());
        assertThat(complaints).isEmpty();
    }

    @Test
    void scoresAndTheFeaturesOfAUserAreThoseOfPostgresAndRedis() {
        for (String penalty : List.of("base_score > score + 1", "base_score < score + 0.1")) {
            Map<String, Object> stored =
                    database.query(
                                    "select ad_id, score from (select * from quality.scores order by"
                                            + " score, ad_id limit 10) t where "
                                            + penalty
                                            + " limit 1")
                            .get(0);
            Locator cells =
                    page.locator("#quality-table tbody tr")
                            .filter(
                                    new Locator.FilterOptions()
                                            .setHas(
                                                    page.getByText(
                                                            String.valueOf(stored.get("ad_id")),
                                                            new Page.GetByTextOptions()
                                                                    .setExact(true))))
                            .locator("td");
            assertThat(cells.nth(1))
                    .hasText(String.format(Locale.US, "%.2f", number(stored, "score")));
            assertThat(cells.nth(2)).hasText(penalty.contains(">") ? "−2" : "–");
        }

        page.locator("#user-form input").fill("u-42");
        page.locator("#user-form button").click();
        Locator card = page.locator("#user-cards .card").first();
        Map<String, String> shown = new HashMap<>();
        assertThat(card.locator("dt")).hasCount(5);
        for (int i = 0; i < 5; i++) {
            shown.put(
                    card.locator("dt").nth(i).textContent().replace(' ', '_'),
                    card.locator("dd").nth(i).textContent());
        }
        try (Jedis client = redis.connect()) {
            Map<String, String> hash = client.hgetAll("user_features:u-42");
            hash.remove("user_id");
            hash.put(
                    "window_end",
                    LocalTime.ofInstant(Instant.parse(hash.get("window_end")), ZoneOffset.UTC)
                            .format(DateTimeFormatter.ISO_LOCAL_TIME));
            assertThat(shown).isEqualTo(hash);
        }
    }

    @Test
    void aNewAlertAndAPauseAppear() {
        assertThat(page.locator("#alert-list li")).not().hasCount(0);
        assertThat(row("budget-table", "cmp-8")).containsText("active");

        results.tell(
                new Incident(
                        "al-now", "click-flood", "CRITICAL", "IP", "203.0.113.77", "a flood now"),
                "OPEN",
                Instant.now());
        assertThat(page.locator("#alert-list li").first())
                .containsText("a flood now", new ContainsTextOptions().setTimeout(SOON));
        assertThat(page.locator("#announce")).containsText("click-flood");

        results.status("cmp-8", "PAUSED", "BUDGET", "95.1", "39.2", "8.5", Instant.now());
        assertThat(row("budget-table", "cmp-8"))
                .containsText("paused (budget)", new ContainsTextOptions().setTimeout(SOON));
        results.status("cmp-8", "ACTIVE", "", "88.4", "92.8", "8.5", Instant.now());
        results.tell(
                new Incident("al-now", "click-flood", "CRITICAL", "IP", "203.0.113.77", "over"),
                "RESOLVED",
                Instant.now());
        assertThat(page.locator("#alert-count")).hasText("3 open, 1 critical");
    }

    @Test
    void aRedisThatIsStoppedIsSaidAndItsReturnIsFoundWithoutAReload() {
        assertThat(page.locator("#services")).containsText("Redis up");
        page.evaluate("window.sameVisit = true");

        redis.stop();
        assertThat(page.locator("#banner")).containsText("Redis has been away since");
        assertThat(page.locator("#services")).containsText("Redis away");
        assertThat(page.locator("#budgets .state")).containsText("Stale since");
        assertThat(row("budget-table", "cmp-4")).containsText("97.25 %");
        redis.start();
        assertThat(page.locator("#banner")).isHidden();
        assertThat(page.locator("#budgets .state")).hasText("");
        assertThat(page.locator("#services")).containsText("Redis up");
        assertThat(page.evaluate("window.sameVisit")).isEqualTo(true);
    }

    @Test
    void aJobThatDoesNotRunIsSaidWhereItsResultsAre() {
        assertThat(row("job-table", "quality")).containsText("not running");
        assertThat(note("quality"))
                .hasText("The quality job is not running: nothing new comes from it.");
        assertThat(note("data-quality")).containsText("The features job is not running");
        assertThat(note("data-quality")).not().containsText("metrics");
        assertThat(note("performance")).hasText("");

        RunningJob quality = run("quality");
        assertThat(note("quality")).hasText("");
        assertThat(row("job-table", "quality")).not().containsText("not running");
        quality.cancel();
        assertThat(note("quality"))
                .hasText("The quality job was cancelled: nothing new comes from it.");
    }

    @Test
    void aDashboardThatGoesAwayIsSaidAndItsReturnIsFound() {
        try (Dashboard first = Dashboard.start(config(0, Map.of()))) {
            String address = first.address();
            page.navigate(address);
            assertThat(page.locator("#connection")).hasText("Live");
            first.close();
            assertThat(page.locator("#banner")).containsText("The dashboard has not answered");
            int port = URI.create(address).getPort();
            try (Dashboard second = Dashboard.start(config(port, Map.of()))) {
                assertThat(second.address()).isEqualTo(address);
                assertThat(page.locator("#connection")).hasText("Live");
                assertThat(page.locator("#banner")).isHidden();
            }
        }
    }

    @Test
    void idsThatLookLikeScriptAreText() {
        Instant closed = open.minusSeconds(60);
        Counted most = new Counted(90_000, 900, 9, 9_000_000, 9_000_000);
        results.closed(
                Entity.ad(HOSTILE, IMAGE, HOSTILE, IMAGE), Duration.ofMinutes(1), closed, most);
        results.campaign(HOSTILE, IMAGE, 1_000_000L, "USD");
        LocalDate today = Instant.now().atOffset(ZoneOffset.UTC).toLocalDate();
        results.spent(HOSTILE, today, 1_500_000, 3);
        results.tell(
                new Incident("al-hostile", HOSTILE, "CRITICAL", "AD", IMAGE, HOSTILE + IMAGE),
                "OPEN",
                Instant.now());
        results.hash("user_features:" + HOSTILE, Map.of("user_id", HOSTILE, IMAGE, HOSTILE));
        try {
            assertThat(page.locator("#top-table tbody tr").first().locator("td").first())
                    .hasText(HOSTILE);
            assertThat(row("budget-table", "onerror").first()).containsText(HOSTILE);
            assertThat(page.locator("#alert-list li").first()).containsText(HOSTILE + IMAGE);
            page.locator("#user-form input").fill(HOSTILE);
            page.locator("#user-form button").click();
            assertThat(page.locator("#user-cards")).containsText(IMAGE);
            page.locator("#top-table tbody tr").first().locator("button").first().click();
            assertThat(page.locator("#selection [name=id]")).hasValue(HOSTILE);
            assertThat(tile("Cost")).containsText("9.00");
            page.reload();
            assertThat(page.locator("#selection [name=id]")).hasValue(HOSTILE);
            assertThat(tile("Cost")).containsText("9.00");
            assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
            assertThat(page.locator("main script, main img")).hasCount(0);
            assertThat(complaints).isEmpty();
        } finally {
            database.execute(
                    "delete from realtime.metrics_1min where entity_id like '<%'; delete from"
                            + " budget.campaigns where campaign_id like '<%'");
            results.tell(
                    new Incident("al-hostile", HOSTILE, "CRITICAL", "AD", IMAGE, "over"),
                    "RESOLVED",
                    Instant.now());
        }
    }

    private Locator note(String panel) {
        return page.locator("#" + panel + " .job-note");
    }

    private static BigDecimal number(Map<String, Object> row, String column) {
        return new BigDecimal(String.valueOf(row.get(column)));
    }

    private static String percent(BigDecimal part, BigDecimal whole) {
        return part.movePointRight(2).divide(whole, 2, RoundingMode.HALF_EVEN) + " %";
    }
}
