package io.adstream.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import io.adstream.dashboard.Dashboard;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.Services;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** How the page looks, what it weighs, and who can use it. */
class PageLooksITCase extends PageCase {

    private static final int HEAVIEST = 300_000;
    private static final int HEIGHT = 900;

    @Test
    void allOfItIsReachedAndUsedByKeyboard() {
        visit(dashboard);
        page.keyboard().press("Tab");
        assertThat(page.locator(":focus")).hasText("Skip to the content");
        page.keyboard().press("Enter");
        page.keyboard().press("Tab");
        assertThat(page.locator(":focus")).hasAttribute("name", "scope");
        page.keyboard().type("campaign");
        assertThat(page.locator("#selection [name=scope]")).hasValue("campaign");
        page.keyboard().press("Tab");
        assertThat(page.locator("#selection [name=id]")).isFocused();
        page.keyboard().type("cmp-3");
        page.keyboard().press("Enter");
        assertThat(tile("CTR")).not().hasText("–");
        page.keyboard().press("Tab");
        assertThat(page.locator("[name=window][value='1m']")).isFocused();
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("[name=window][value='5m']")).isChecked();
        assertThat(page.url()).contains("scope=campaign", "id=cmp-3", "window=5m");

        // What is drawn anew every second keeps the focus.
        Locator button = row("budget-table", "cmp-11").locator("button").first();
        button.focus();
        for (int i = 0; i < 3; i++) {
            results.status(
                    "cmp-11", "ACTIVE", "", String.valueOf(99.1 - 30 * i), "5", "1", Instant.now());
            assertThat(row("budget-table", "cmp-11"))
                    .containsText(String.format(Locale.US, "%.2f %%", 99.1 - 30 * i));
            assertThat(button).isFocused();
        }
        page.keyboard().press("Enter");
        assertThat(page.locator("#selection [name=id]")).hasValue("cmp-11");

        int stops = 0;
        List<String> invisible = new ArrayList<>();
        page.locator("#main").focus();
        for (int i = 0; i < 400; i++) {
            page.keyboard().press("Tab");
            Object seen =
                    page.evaluate(
                            "() => { const f = document.activeElement; if (!f || f === document.body)"
                                    + " return null; const s = getComputedStyle(f.matches('.switch"
                                    + " input') ? f.nextElementSibling : f); return s.outlineStyle !=="
                                    + " 'none' ? '' : f.outerHTML.slice(0, 80); }");
            if (seen == null) {
                break;
            }
            stops++;
            if (!seen.equals("")) {
                invisible.add(seen.toString());
            }
        }
        assertThat(stops).isGreaterThan(60);
        assertThat(invisible).as("focused without an outline").isEmpty();
    }

    @Test
    void looksRightAndHasNoSeriousBarrier() throws IOException {
        List.of("metrics", "attribution", "budget", "anomaly", "features").forEach(PageCase::run);
        visit(dashboard);
        lookUp("u-42");
        for (String full :
                List.of(
                        "#top-table",
                        "#budget-table",
                        "#quality-table",
                        "#job-table",
                        "#attribution-table")) {
            assertThat(page.locator(full + " tbody tr").first()).isVisible();
        }
        assertThat(page.locator("#user-cards .card").first()).isVisible();
        assertThat(page.locator("#ingest .input")).hasCount(2);
        assertThat(page.locator("#performance .state")).hasText("");
        assertThat(page.locator("#performance .job-note")).hasText("");
        assertThat(page.locator("#job-table")).containsText("not running");
        looksRight("full", 1440, ColorScheme.LIGHT);
        looksRight("full", 1440, ColorScheme.DARK);
        // A little more than where two columns become one.
        looksRight("full", 1365, ColorScheme.DARK);
        looksRight("full", 390, ColorScheme.DARK);
        looksRight("full", 390, ColorScheme.LIGHT);
    }

    @Test
    void aSystemThatHasNothingYetLooksRight() throws IOException {
        run("metrics");
        try (RedisProcess nothing = RedisServer.start(folder.resolve("redis-empty"));
                Dashboard empty =
                        Dashboard.start(
                                config(
                                        Services.postgres().newDatabase(),
                                        Map.of("redis.port", String.valueOf(nothing.port())),
                                        Map.of()))) {
            visit(empty);
            lookUp("nobody");
            assertThat(page.locator("#performance .state")).hasText("No window is closed yet.");
            assertThat(page.locator("#budgets .state"))
                    .hasText("The platform has no campaigns yet.");
            assertThat(page.locator("#alerts .state")).hasText("No alerts.");
            assertThat(page.locator("#user .state")).hasText("Nothing is known of this user.");
            assertThat(page.locator("main")).not().containsText("Loading");
            looksRight("empty", 1440, ColorScheme.LIGHT);
            looksRight("empty", 390, ColorScheme.DARK);
        }
    }

    @Test
    void aSystemWithServicesAwayLooksRight() throws IOException {
        Map<String, String> away = Map.of("redis.port", "1", "flink.url", "http://127.0.0.1:1");
        try (Dashboard lonely = Dashboard.start(config(database, away, Map.of()))) {
            visit(lonely);
            lookUp("u-42");
            assertThat(page.locator("#banner"))
                    .containsText(
                            Pattern.compile("Redis has been away since .* Flink has been away"));
            assertThat(page.locator("#user .state")).containsText("Not available since");
            assertThat(page.locator("#jobs .state")).containsText("Not available since");
            assertThat(page.locator("#budgets .state")).containsText("Stale since");
            assertThat(page.locator("#budget-table tbody tr").first()).isVisible();
            assertThat(page.locator("#alerts .state")).containsText("Redis is away");
            assertThat(page.locator("main")).not().containsText("Loading");
            looksRight("away", 1440, ColorScheme.DARK);
            looksRight("away", 390, ColorScheme.LIGHT);
        }
    }

    private void lookUp(String user) {
        page.locator("#user-form input").fill(user);
        page.locator("#user-form button").click();
    }

    /** Takes a screenshot for people, with all that can be opened, and asks what can be asked. */
    private void looksRight(String state, int width, ColorScheme scheme) throws IOException {
        String name = state + "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT);
        page.setViewportSize(width, HEIGHT);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })");
        page.evaluate("window.scrollTo(0, 0)");
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(Path.of("target/screenshots/" + name + ".png")));
        assertThat(
                        page.evaluate(
                                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .as(name + ": nothing is wider than the screen")
                .isEqualTo(true);
        assertThat(page.evaluate(OVERLAPS))
                .as(name + ": parts that lie over each other")
                .isEqualTo(List.of());
        assertThat(page.evaluate(CUT)).as(name + ": texts that are cut off").isEqualTo(List.of());
        assertThat(page.evaluate(SCROLLED))
                .as(name + ": tables wider than their place")
                .isEqualTo(List.of());
        assertThat(barriers()).as(name + ": barriers").isEqualTo(List.of());
        assertThat(complaints).isEmpty();
    }

    private static final String OVERLAPS =
            """
            () => {
              const panels = [...document.querySelectorAll('main > .panel, header.top')];
              const over = [];
              for (const a of panels) for (const b of panels) {
                if (a === b || a.matches('header') || b.matches('header')) continue;
                const x = a.getBoundingClientRect(), y = b.getBoundingClientRect();
                if (x.left < y.right - 1 && y.left < x.right - 1 && x.top < y.bottom - 1 && y.top < x.bottom - 1) over.push(a.id + ' ' + b.id);
              }
              return over;
            }
            """;

    /** Texts whose box is smaller than they are and that cannot be scrolled to. */
    private static final String CUT =
            """
            () => [...document.querySelectorAll('h2, .tiles dd, .summary, .state, .note, .figures dd, .button, .controls label, .card dd, .alerts p')]
              .filter(node => node.offsetParent && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline')
              .map(node => node.className + ': ' + node.textContent.slice(0, 60))
            """;

    private static final String SCROLLED =
            """
            () => [...document.querySelectorAll('.scroll')]
              .filter(node => node.offsetParent && node.scrollWidth > node.clientWidth + 1)
              .map(node => node.getAttribute('aria-label') + ' ' + node.scrollWidth + ' > ' + node.clientWidth)
            """;

    private Object barriers() throws IOException {
        try (InputStream axe = getClass().getResourceAsStream("/axe.min.js")) {
            page.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        return page.evaluate(
                "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
                        + ".filter(found => ['serious', 'critical'].includes(found.impact))"
                        + ".map(found => found.id + ': ' + found.nodes.slice(0, 3).map(node =>"
                        + " node.target + ' ' + node.failureSummary).join(' | '))");
    }

    @Test
    void theWholePageIsLight() {
        List<Response> files = new ArrayList<>();
        context = chromium.browser().newContext();
        page = context.newPage();
        page.onResponse(
                response -> {
                    if (!response.url().contains("/api/")) {
                        files.add(response);
                    }
                });
        page.navigate(dashboard.address());
        assertThat(page.locator("#connection")).hasText("Live");
        // Reading a body lets further responses in.
        int bytes = List.copyOf(files).stream().mapToInt(response -> response.body().length).sum();
        Object paint =
                page.evaluate(
                        "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime");
        System.out.println(
                "the page: " + bytes + " bytes, first contentful paint after " + paint + " ms");
        assertThat(files).hasSizeGreaterThan(10);
        assertThat(bytes).as("bytes of the page, uncompressed").isLessThan(HEAVIEST);
    }

    @Test
    void theThemeIsChosenAndKept() {
        visit(dashboard);
        Locator theme = page.locator("#theme");
        assertThat(theme).hasText("Theme: auto");
        theme.click();
        theme.click();
        assertThat(theme).hasText("Theme: dark");
        page.reload();
        assertThat(theme).hasText("Theme: dark");
        assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(12, 18, 24)");
    }

    @Test
    void whoHasTheTokenSignsInAndOut() throws IOException {
        String token = "a-token-of-24-characters";
        try (Dashboard closed =
                Dashboard.start(config(0, Map.of("ADSTREAM_DASHBOARD_TOKEN", token)))) {
            context = chromium.browser().newContext();
            page = context.newPage();
            page.navigate(closed.address());
            assertThat(barriers()).isEqualTo(List.of());
            page.getByLabel("Token").fill("not the token");
            page.keyboard().press("Enter");
            assertThat(page.locator(".wrong")).hasText("That is not the token.");
            page.getByLabel("Token").fill(token);
            page.keyboard().press("Enter");
            assertThat(page.locator("#connection")).hasText("Live");
            assertThat(page.url()).doesNotContain(token);
            page.getByText("Sign out").click();
            assertThat(page.getByLabel("Token")).isVisible();
        }
    }
}
