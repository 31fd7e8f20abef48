package io.adstream.dashboard.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Chromium of the system; nothing is downloaded. */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Playwright playwright;
    private final Browser browser;

    Chromium() {
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new LaunchOptions()
                                        .setExecutablePath(path())
                                        // Tests run as root in containers.
                                        .setChromiumSandbox(false)
                                        .setArgs(
                                                List.of(
                                                        "--disable-dev-shm-usage",
                                                        "--disable-gpu")));
    }

    Browser browser() {
        return browser;
    }

    private static Path path() {
        String given = System.getenv("CHROMIUM");
        if (given != null && !given.isBlank()) {
            return Path.of(given);
        }
        return NAMES.stream()
                .flatMap(
                        name ->
                                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "These tests need a Chromium: install one (on Debian and"
                                                + " Ubuntu: apt install chromium), or name it in"
                                                + " CHROMIUM."));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
