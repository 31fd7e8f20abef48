package io.adstream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.bench.proof.AdstreamCli;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/** How soon the dashboard answers, and how soon it tells, while everything runs. */
@Command(
        name = "dashboard",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Answers of the dashboard and open pages while all jobs run.")
final class DashboardCommand implements Callable<Integer> {

    private static final Duration BOUND = Duration.ofMillis(100);
    private static final String MARK = "bench-alert-";

    @Option(names = "--rate", description = "events per second")
    int rate = 300;

    @Option(names = "--pages", description = "pages that are open")
    int pages = 200;

    @Option(names = "--requests", description = "calls per second")
    int requests = 50;

    @Option(names = "--seconds", description = "how long is measured")
    int seconds = 120;

    @Option(names = "--warm-up", description = "seconds of traffic before")
    int warmUp = 150;

    @Option(names = "--port-offset", description = "ports of the system")
    int portOffset = 21_000;

    private final PrintStream out = System.out;
    private final Map<String, ConcurrentLinkedQueue<Long>> answers = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Long> pushes = new ConcurrentLinkedQueue<>();

    /** How late this program itself was with a call: part of its answer's time, and no server's. */
    private final ConcurrentLinkedQueue<Long> delays = new ConcurrentLinkedQueue<>();

    private final Map<String, Long> toldAt = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();

    /** Two clients: what is read for open pages holds up no call, as in browsers. */
    private final HttpClient http = client();

    private final HttpClient pagesHttp = client();

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("adstream-bench-");
        Path root = Path.of(System.getProperty("adstream.root", "")).toAbsolutePath();
        AdstreamCli adstream =
                new AdstreamCli(root, folder.resolve("system"), root.resolve("conf"), folder);
        boolean up = false;
        try {
            adstream.run(
                    "up",
                    "-d",
                    "--fresh",
                    "--rate",
                    String.valueOf(rate),
                    "--port-offset",
                    String.valueOf(portOffset));
            up = true;
            return measure(adstream.status());
        } finally {
            if (up) {
                adstream.run("down");
            }
            FileUtils.deleteDirectoryQuietly(folder.toFile());
        }
    }

    private int measure(JsonNode system) throws Exception {
        String dashboard = system.path("dashboard").asText();
        long pid = system.path("processes").path("dashboard").path("pid").asLong();
        out.println("jobs: " + String.join(", ", names(system.path("jobs"))));
        pause(Duration.ofSeconds(warmUp));
        List<OpenPage> open = new ArrayList<>();
        for (int i = 0; i < pages; i++) {
            open.add(new OpenPage(pagesHttp, dashboard, this::read));
        }
        // The pages' first answers, and what the JIT compiler makes of the calls.
        ask(dashboard, 10);
        answers.clear();
        delays.clear();
        failures.set(0);
        long before = open.stream().mapToLong(OpenPage::characters).sum();
        double cpuBefore = cpuSeconds(pid);
        ScheduledExecutorService alerts = Executors.newSingleThreadScheduledExecutor();
        String redis = "redis://" + system.path("redis").asText();
        AtomicInteger number = new AtomicInteger();
        Future<?> telling =
                alerts.scheduleAtFixedRate(
                        () -> tell(redis, MARK + number.incrementAndGet()), 1, 2, TimeUnit.SECONDS);
        try {
            ask(dashboard, seconds);
        } finally {
            telling.cancel(false);
            alerts.shutdownNow();
        }
        double cpu = (cpuSeconds(pid) - cpuBefore) / seconds;
        long characters = open.stream().mapToLong(OpenPage::characters).sum() - before;
        long stillOpen = open.stream().filter(OpenPage::isOpen).count();
        boolean soon = report();
        out.printf(
                Locale.ROOT,
                "pages open: %d of %d; %.1f kB/s each; resident memory %d MB; CPU %.2f cores%n",
                stillOpen,
                pages,
                characters / 1e3 / pages / seconds,
                residentMegabytes(pid),
                cpu);
        out.println("restarts of jobs since the start: " + restarts(dashboard));
        open.forEach(OpenPage::close);
        return soon && stillOpen == pages && failures.get() == 0 ? 0 : 1;
    }

    /** A job that fails over and over leaves cores to others. */
    private int restarts(String dashboard) throws IOException, InterruptedException {
        String jobs =
                http.send(
                                HttpRequest.newBuilder(URI.create(dashboard + "/api/jobs")).build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        int restarts = 0;
        for (JsonNode job : new ObjectMapper().readTree(jobs).at("/data/jobs")) {
            restarts += job.path("restarts").asInt();
        }
        return restarts;
    }

    /** Every call of the page in turn; those that take an id now and then with a new one. */
    private static List<String> calls(int turn) {
        String ad = encode("ad-" + turn % 997);
        String campaign = encode("cmp-" + turn % 97);
        return List.of(
                "services",
                "series?window=1m",
                "series?scope=ad&id=" + ad,
                "series?scope=campaign&window=5m&id=" + campaign,
                "series?scope=category&id=shoes",
                "live",
                "live?scope=ad&id=" + ad,
                "top-ads?by=clicks",
                "budgets",
                "budgets?find=" + campaign,
                "alerts",
                "quality",
                "attribution",
                "user?user_id=" + encode("u-" + turn),
                "jobs",
                "data-quality",
                "entities?scope=ad&find=" + turn % 10);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private void ask(String dashboard, int howLong) {
        long start = System.nanoTime();
        long between = TimeUnit.SECONDS.toNanos(1) / requests;
        long total = (long) howLong * requests;
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (long i = 0; i < total; i++) {
            long due = start + i * between;
            LockSupport.parkNanos(due - System.nanoTime());
            delays.add(System.nanoTime() - due);
            List<String> calls = calls((int) (i / 17));
            String call = calls.get((int) (i % calls.size()));
            String name = call.replaceFirst("=[^=]*$", "").replaceFirst("\\?$", "");
            sent.add(
                    http.sendAsync(
                                    HttpRequest.newBuilder(URI.create(dashboard + "/api/" + call))
                                            .timeout(Duration.ofSeconds(20))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .handle(
                                    (response, e) -> {
                                        if (e != null || response.statusCode() != 200) {
                                            failures.incrementAndGet();
                                        }
                                        return answers.computeIfAbsent(
                                                        name, key -> new ConcurrentLinkedQueue<>())
                                                .add(System.nanoTime() - due);
                                    }));
        }
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
    }

    private void tell(String redis, String id) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("alert_id", id);
        fields.put("rule_id", "bench");
        fields.put("severity", "INFO");
        fields.put("status", "OPEN");
        fields.put("entity_type", "PLATFORM");
        fields.put("entity_id", "bench");
        fields.put("message", "told by the benchmark");
        fields.put("at", Instant.now().toString());
        try (Jedis client = new Jedis(URI.create(redis))) {
            toldAt.put(id, System.nanoTime());
            client.xadd("alerts:recent", StreamEntryID.NEW_ENTRY, fields);
        }
    }

    /** A page gets all alerts again with each new one: the newest alone counts. */
    private void read(OpenPage page, String line) {
        if (!line.startsWith("data: {\"view\":\"alerts\"")) {
            return;
        }
        int at = line.indexOf(MARK);
        int end = at < 0 ? -1 : line.indexOf('"', at);
        String id = end < 0 ? "" : line.substring(at, end);
        Long told = toldAt.get(id);
        if (told != null && page.isNews(id)) {
            pushes.add(System.nanoTime() - told);
        }
    }

    private boolean report() {
        TextTable table = new TextTable("call", "answers", "p50, ms", "p99, ms", "max, ms");
        boolean soon = true;
        for (String call : answers.keySet().stream().sorted().toList()) {
            long[] sorted = sorted(answers.get(call));
            soon &= at(sorted, 0.99) < BOUND.toNanos() / 1e6;
            row(table, call, sorted);
        }
        row(table, "a new alert, to each page", sorted(pushes));
        row(table, "(the benchmark's own delay)", sorted(delays));
        out.print(table.render());
        out.println(
                failures.get()
                        + " calls failed; every p99 below "
                        + BOUND.toMillis()
                        + " ms: "
                        + (soon ? "yes" : "NO"));
        return soon;
    }

    private static long[] sorted(Collection<Long> times) {
        return times.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static void row(TextTable table, String name, long[] sorted) {
        if (sorted.length == 0) {
            return;
        }
        table.row(
                name,
                String.valueOf(sorted.length),
                text(at(sorted, 0.5)),
                text(at(sorted, 0.99)),
                text(at(sorted, 1)));
    }

    private static double at(long[] sorted, double share) {
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.max(0, index)] / 1e6;
    }

    private static String text(double millis) {
        return String.format(Locale.ROOT, "%.1f", millis);
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** User and system time of a process, as Linux tells it; 0 elsewhere. */
    private static double cpuSeconds(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(duration -> duration.toMillis() / 1e3)
                .orElse(0.0);
    }

    private static long residentMegabytes(long pid) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                        .sum()
                : 0;
    }

    private static void pause(Duration duration) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    }
}
