package io.adstream.bench;

import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.KafkaProcess;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.TestService;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** Measures the metrics job beside Flink SQL and beside a bare loop. */
@Command(
        name = "metrics",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Events per CPU second of the metrics job, of Flink SQL and of a bare loop.")
final class MetricsCommand implements Callable<Integer> {

    @Option(names = "--events", description = "events in the topic, duplicates included")
    long events = 3_000_000;

    @Option(
            names = "--sql-events",
            description =
                    "how many of them Flink SQL reads: it takes long; 0 means all of them. Its"
                            + " figure is per event all the same")
    long sqlEvents = 1_000_000;

    @Option(names = "--ads", split = ",", description = "number of ads; several are compared")
    List<Integer> ads = List.of(10_000);

    @Option(
            names = "--hot-ad",
            description = "measure once more with one ad that takes 90 %% of the impressions")
    boolean hotAd;

    @Option(
            names = "--candidates",
            split = ",",
            description = "who is measured: ${COMPLETION-CANDIDATES}")
    List<Candidate> candidates = List.of(Candidate.ADSTREAM, Candidate.SQL, Candidate.BARE);

    @Option(names = "--density", description = "events per second of event time")
    double density = 10_000;

    @Option(names = "--seed", description = "decides every event")
    long seed = 1;

    @Mixin CandidateOptions jvms = new CandidateOptions();

    private final PrintStream out = System.out;

    /** What is read in a setting: one number of ads, hot or not. */
    private record Case(
            String name, InputFiller.Input whole, InputFiller.Input forSql, boolean withSql) {}

    private record Measured(Candidate candidate, String backend) {
        String title() {
            return candidate == Candidate.BARE
                    ? candidate.title()
                    : candidate.title() + ", " + backend;
        }
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("adstream-bench-");
        try (KafkaProcess kafka = KafkaBroker.start(folder.resolve("kafka"));
                RedisProcess redis = RedisServer.start(folder.resolve("redis"))) {
            closeAtExit(kafka, redis);
            run(kafka, redis, folder);
            return 0;
        } finally {
            FileUtils.deleteDirectoryQuietly(folder.toFile());
        }
    }

    /** For a run that is interrupted. */
    static void closeAtExit(TestService... services) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> List.of(services).forEach(TestService::close), "close"));
    }

    private void run(KafkaProcess kafka, RedisProcess redis, Path folder) throws IOException {
        out.print(jvms.describe());
        List<Case> cases = fill(new InputFiller(kafka));
        Set<Candidate> wanted = EnumSet.copyOf(candidates);
        boolean bareDone = false;
        Results results = new Results();
        for (String each : jvms.backends()) {
            List<Measured> inTurn = new ArrayList<>();
            for (Candidate candidate : wanted) {
                if (candidate != Candidate.BARE || !bareDone) {
                    inTurn.add(new Measured(candidate, each));
                }
            }
            bareDone = true;
            measure(inTurn, cases, kafka, redis, folder.resolve(each), results);
        }
        for (Case each : cases) {
            results.print(each, out);
        }
        results.compareCases(cases, out);
    }

    private List<Case> fill(InputFiller filler) {
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < ads.size(); i++) {
            cases.add(fill(filler, ads.get(i), false, i == 0));
            if (hotAd) {
                cases.add(fill(filler, ads.get(i), true, false));
            }
        }
        return cases;
    }

    private Case fill(InputFiller filler, int adCount, boolean hot, boolean withSql) {
        String name = adCount + " ads" + (hot ? ", one of them hot" : "");
        String prefix = "a" + adCount + (hot ? "h" : "") + "-";
        long began = System.nanoTime();
        InputFiller.Input whole =
                filler.fill(prefix, new InputFiller.Wanted(events, density, adCount, hot, seed));
        InputFiller.Input forSql = whole;
        boolean sql = withSql && candidates.contains(Candidate.SQL);
        if (sql && sqlEvents > 0 && sqlEvents < events) {
            forSql =
                    filler.fill(
                            "sql-" + prefix,
                            new InputFiller.Wanted(sqlEvents, density, adCount, hot, seed));
        }
        out.printf(
                Locale.ROOT,
                "%s: %,d events, %.0f bytes each, %.0f s of event time, in %d partitions; windows"
                        + " must hold %s (filled in %.0f s)%n",
                name,
                events,
                (double) whole.bytes() / events,
                events / density,
                InputFiller.PARTITIONS,
                whole.expected(),
                (System.nanoTime() - began) / 1e9);
        return new Case(name, whole, forSql, sql);
    }

    private void measure(
            List<Measured> inTurn,
            List<Case> cases,
            KafkaProcess kafka,
            RedisProcess redis,
            Path folder,
            Results results)
            throws IOException {
        List<CandidateJvm> started = new ArrayList<>();
        try {
            for (Measured measured : inTurn) {
                started.add(
                        jvms.start(measured.candidate(), measured.backend(), kafka, redis, folder));
            }
            for (int round = -jvms.warmUp; round < jvms.rounds; round++) {
                for (Case each : cases) {
                    for (int i = 0; i < inTurn.size(); i++) {
                        Measured measured = inTurn.get(i);
                        if (measured.candidate() == Candidate.SQL && !each.withSql()) {
                            continue;
                        }
                        round(measured, started.get(i), each, round, redis, results);
                    }
                }
            }
        } finally {
            for (CandidateJvm jvm : started) {
                jvm.close();
            }
        }
    }

    private void round(
            Measured measured,
            CandidateJvm jvm,
            Case input,
            int round,
            RedisProcess redis,
            Results results)
            throws IOException {
        redis.flush();
        InputFiller.Input topic =
                measured.candidate() == Candidate.SQL ? input.forSql() : input.whole();
        RunResult result =
                jvm.run(
                        new RunRequest(
                                topic.topicPrefix(),
                                topic.records(),
                                topic.endOfWindows(),
                                "bench-" + System.nanoTime(),
                                false));
        boolean right = check(measured.candidate(), topic, result, redis);
        double perEvent = (double) result.jobNanos() / topic.records();
        out.printf(
                Locale.ROOT,
                "%s, %s: %s %6.0f ns CPU per event (%.0f with the JIT compiler), %,9.0f events per"
                        + " CPU second, %5.1f s by the wall clock, whole process %.1f CPU seconds%s;"
                        + " sums %s%n",
                input.name(),
                measured.title(),
                round < 0 ? "warm-up" : "round " + (round + 1),
                perEvent,
                (double) result.cpuNanos() / topic.records(),
                1e9 / perEvent,
                result.wallNanos() / 1e9,
                result.wholeCpuNanos() / 1e9,
                result.redisWrites() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", %.2f writes to Redis per event",
                                (double) result.redisWrites() / topic.records()),
                right ? "right" : "WRONG");
        if (round >= 0) {
            results.add(input, measured, perEvent, result, topic, right);
        }
    }

    private boolean check(
            Candidate candidate, InputFiller.Input topic, RunResult result, RedisProcess redis) {
        switch (candidate) {
            case SQL -> {
                boolean right = !result.counts().isEmpty();
                for (Map.Entry<String, Counts> table : result.counts().entrySet()) {
                    if (!table.getValue().equals(topic.expected())) {
                        out.println("  " + table + " instead of " + topic.expected());
                        right = false;
                    }
                }
                return right;
            }
            case ADSTREAM -> {
                boolean right = true;
                for (String entity : List.of("ad", "campaign", "advertiser")) {
                    Counts served = served(redis, entity);
                    if (!served.equals(topic.expected())) {
                        out.println(
                                "  "
                                        + entity
                                        + ":*:metrics:1h holds "
                                        + served
                                        + " instead of "
                                        + topic.expected());
                        right = false;
                    }
                }
                return right;
            }
            case BARE -> {
                // It counts duplicates too: at least what windows hold, at most every record.
                Counts all = result.counts().get("ad_1m");
                return all != null
                        && all.events() >= topic.expected().events()
                        && all.events() <= topic.records();
            }
            default -> {}
        }
        throw new IllegalStateException(candidate.toString());
    }

    /** The sum of what Redis serves as the newest closed hour: the one that holds all events. */
    private static Counts served(RedisProcess redis, String entity) {
        Counts sum = Counts.NONE;
        try (Jedis jedis = redis.connect()) {
            String cursor = ScanParams.SCAN_POINTER_START;
            ScanParams match = new ScanParams().match(entity + ":*:metrics:1h").count(5_000);
            do {
                ScanResult<String> page = jedis.scan(cursor, match);
                try (var pipeline = jedis.pipelined()) {
                    var hashes = page.getResult().stream().map(pipeline::hgetAll).toList();
                    pipeline.sync();
                    for (var hash : hashes) {
                        sum = sum.plus(counts(hash.get()));
                    }
                }
                cursor = page.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        }
        return sum;
    }

    private static Counts counts(Map<String, String> hash) {
        return new Counts(
                Long.parseLong(hash.get("impressions")),
                Long.parseLong(hash.get("clicks")),
                Long.parseLong(hash.get("conversions")),
                micros(hash.get("total_cost")),
                micros(hash.get("total_revenue")));
    }

    private static long micros(String text) {
        return new BigDecimal(text).movePointRight(6).longValueExact();
    }

    /** All measured rounds. */
    private static final class Results {
        private final Map<String, List<Double>> perEvent = new LinkedHashMap<>();
        private final Map<String, List<Double>> wholePerEvent = new LinkedHashMap<>();
        private final Map<String, List<Double>> wall = new LinkedHashMap<>();
        private final Map<String, Boolean> right = new LinkedHashMap<>();
        private final Map<String, Long> counted = new LinkedHashMap<>();
        private final Set<Measured> measured = new LinkedHashSet<>();

        void add(
                Case input,
                Measured who,
                double nanos,
                RunResult result,
                InputFiller.Input topic,
                boolean sumsRight) {
            String key = key(input, who);
            measured.add(who);
            perEvent.computeIfAbsent(key, k -> new ArrayList<>()).add(nanos);
            wholePerEvent
                    .computeIfAbsent(key, k -> new ArrayList<>())
                    .add((double) result.wholeCpuNanos() / topic.records());
            wall.computeIfAbsent(key, k -> new ArrayList<>())
                    .add(topic.records() / (result.wallNanos() / 1e9));
            right.merge(key, sumsRight, Boolean::logicalAnd);
            counted.put(
                    key,
                    who.candidate() == Candidate.BARE
                            ? result.counts().getOrDefault("ad_1m", Counts.NONE).events()
                            : topic.expected().events());
        }

        private static String key(Case input, Measured who) {
            return input.name() + '/' + who.title();
        }

        void print(Case input, PrintStream out) {
            TextTable table =
                    new TextTable(
                            input.name(),
                            "events read",
                            "counted",
                            "ns CPU per event",
                            "least – most",
                            "events per CPU second",
                            "with JIT and deployment, ns",
                            "events per second (wall)",
                            "sums");
            for (Measured who : measured) {
                String key = key(input, who);
                List<Double> rounds = perEvent.get(key);
                if (rounds == null) {
                    continue;
                }
                double median = median(rounds);
                table.row(
                        who.title(),
                        "%,d"
                                .formatted(
                                        (who.candidate() == Candidate.SQL
                                                        ? input.forSql()
                                                        : input.whole())
                                                .records()),
                        "%,d".formatted(counted.getOrDefault(key, 0L)),
                        number(median),
                        number(rounds.stream().mapToDouble(d -> d).min().orElse(0))
                                + " – "
                                + number(rounds.stream().mapToDouble(d -> d).max().orElse(0)),
                        number(1e9 / median),
                        number(median(wholePerEvent.getOrDefault(key, List.of()))),
                        number(median(wall.getOrDefault(key, List.of()))),
                        Boolean.TRUE.equals(right.get(key)) ? "right" : "WRONG");
            }
            out.println();
            out.print(table.render());
            ratios(input, out);
        }

        private void ratios(Case input, PrintStream out) {
            Map<String, Double> medians = new HashMap<>();
            Measured bare = null;
            for (Measured who : measured) {
                List<Double> rounds = perEvent.get(key(input, who));
                if (rounds != null) {
                    medians.put(who.title(), median(rounds));
                    if (who.candidate() == Candidate.BARE) {
                        bare = who;
                    }
                }
            }
            for (Measured who : measured) {
                Double own = medians.get(who.title());
                if (who.candidate() != Candidate.ADSTREAM || own == null) {
                    continue;
                }
                Double sql = medians.get(new Measured(Candidate.SQL, who.backend()).title());
                if (sql != null) {
                    out.printf(
                            Locale.ROOT,
                            "adstream on %s: %.1f × the events per CPU second of Flink SQL on %s%n",
                            who.backend(),
                            sql / own,
                            who.backend());
                }
                if (bare != null) {
                    out.printf(
                            Locale.ROOT,
                            "adstream on %s: %.2f × the events per CPU second of the bare loop%n",
                            who.backend(),
                            medians.get(bare.title()) / own);
                }
            }
        }

        void compareCases(List<Case> cases, PrintStream out) {
            Case first = cases.get(0);
            for (Case other : cases.subList(1, cases.size())) {
                for (Measured who : measured) {
                    List<Double> before = perEvent.get(key(first, who));
                    List<Double> after = perEvent.get(key(other, who));
                    if (before != null && after != null) {
                        out.printf(
                                Locale.ROOT,
                                "%s: %s instead of %s changes the CPU time per event by %+.0f %%%n",
                                who.title(),
                                other.name(),
                                first.name(),
                                (median(after) / median(before) - 1) * 100);
                    }
                }
            }
        }

        private static double median(List<Double> values) {
            return Medians.median(values.stream().mapToDouble(d -> d).toArray());
        }

        private static String number(double value) {
            return "%,.0f".formatted(value);
        }
    }
}
