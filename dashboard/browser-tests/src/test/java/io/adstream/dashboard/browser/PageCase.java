package io.adstream.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.adstream.dashboard.Dashboard;
import io.adstream.dashboard.DashboardConfig;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.platform.BusyPlatform;
import io.adstream.testing.platform.StoredResults;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.Services;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Full stores, a dashboard and a browser that shows it, for the tests of a class. */
abstract class PageCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().slots(6).build();

    @TempDir static Path folder;

    static Chromium chromium;
    static RedisProcess redis;
    static TestDatabase database;
    static StoredResults results;
    static Dashboard dashboard;
    static Instant open;

    final List<String> complaints = new ArrayList<>();
    BrowserContext context;
    Page page;

    /** How long something may take that nobody promises a time for. */
    private static final double PATIENCE = 20_000;

    @BeforeAll
    static void start() {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
        chromium = new Chromium();
        redis = RedisServer.start(folder.resolve("redis"), "--appendonly", "yes");
        database = Services.postgres().newDatabase();
        results = new StoredResults(database, redis);
        open = BusyPlatform.write(results, 65);
        dashboard = Dashboard.start(config(0, Map.of()));
    }

    static DashboardConfig config(int port, Map<String, String> environment) {
        return config(database, Map.of("dashboard.port", String.valueOf(port)), environment);
    }

    /** A dashboard that reads a database, and Redis and Flink unless told otherwise. */
    static DashboardConfig config(
            TestDatabase read, Map<String, String> given, Map<String, String> environment) {
        TestDatabase reader = read.as("adstream_dashboard_reader");
        Map<String, String> settings = new HashMap<>();
        settings.put("dashboard.port", "0");
        settings.put("redis.port", String.valueOf(redis.port()));
        settings.put("redis.timeout", "500 ms");
        settings.put("postgres.url", reader.jdbcUrl());
        settings.put("postgres.user", reader.user());
        settings.put("flink.url", FLINK.restAddress());
        settings.putAll(given);
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("ADSTREAM_POSTGRES_PASSWORD", reader.password());
        return DashboardConfig.of(settings, variables);
    }

    @AfterAll
    static void stop() {
        dashboard.close();
        results.close();
        redis.close();
        chromium.close();
    }

    /** Runs a job of a name of the suite's, which does nothing but run. */
    static RunningJob run(String name) {
        return FLINK.startIdle("adstream-" + name);
    }

    @AfterEach
    void leave() {
        context.close();
    }

    /** Opens a page of 1440 pixels in width, in light colours. */
    void visit(Dashboard shown) {
        context =
                chromium.browser()
                        .newContext(
                                new Browser.NewContextOptions()
                                        .setViewportSize(1440, 900)
                                        .setLocale("en-US")
                                        .setTimezoneId("UTC")
                                        .setColorScheme(ColorScheme.LIGHT));
        page = context.newPage();
        page.onConsoleMessage(
                message -> {
                    if (message.type().equals("error") || message.type().equals("warning")) {
                        complaints.add(message.text());
                    }
                });
        page.onPageError(complaints::add);
        page.onDialog(
                dialog -> {
                    complaints.add("dialog: " + dialog.message());
                    dialog.dismiss();
                });
        page.navigate(shown.address());
        assertThat(page.locator("#connection")).hasText("Live");
    }

    Locator row(String table, String id) {
        return page.locator("#" + table + " tbody tr")
                .filter(new Locator.FilterOptions().setHasText(id));
    }

    Locator tile(String name) {
        return page.locator("[data-tile='" + name + "'] .value");
    }
}
