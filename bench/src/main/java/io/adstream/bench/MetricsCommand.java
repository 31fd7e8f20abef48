package io.adstream.bench;

import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.KafkaProcess;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    record Case(String name, InputFiller.Input whole, InputFiller.Input forSql, boolean withSql) {}

    /** Who is measured, and on which state backend. */
    record Measured(Candidate candidate, String backend) {
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
            AtExit.close(kafka, redis);
            run(kafka, redis, folder);
            return 0;
        } finally {
            FileUtils.deleteDirectoryQuietly(folder.toFile());
        }
    }

    private void run(KafkaProcess kafka, RedisProcess redis, Path folder) throws IOException {
        out.print(jvms.describe());
        List<Case> cases = fill(new InputFiller(kafka));
        Set<Candidate> wanted = EnumSet.copyOf(candidates);
        boolean bareDone = false;
        MetricsResults results = new MetricsResults(out);
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
            results.print(each);
        }
        results.compareCases(cases);
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
            MetricsResults results)
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
            MetricsResults results)
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
        boolean right = new MetricsSums(redis, out).isRight(measured.candidate(), topic, result);
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
}
