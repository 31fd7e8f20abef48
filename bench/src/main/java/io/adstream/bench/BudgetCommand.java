package io.adstream.bench;

import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.KafkaProcess;
import io.adstream.testing.services.PostgresProcess;
import io.adstream.testing.services.PostgresServer;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the budget job: how soon it pauses, what is overspent, and what a record costs. */
@Command(
        name = "budget",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "From the click that crosses 95 %% to the pause in Redis, the overspend with an ad"
                        + " server that obeys, and the CPU time per event beside an INCRBY loop.")
final class BudgetCommand implements Callable<Integer> {

    @Option(names = "--rate", description = "live: events per second")
    double rate = 10_000;

    @Option(names = "--seconds", description = "live: how long is measured")
    int seconds = 90;

    @Option(names = "--lead", description = "live: seconds of traffic before")
    int lead = 40;

    @Option(names = "--events", description = "CPU time: events per round; 0 leaves it out")
    long events = 3_000_000;

    @Mixin CandidateOptions jvms = new CandidateOptions(5);

    private final PrintStream out = System.out;

    private record Measured(Candidate candidate, String backend) {
        String title() {
            return candidate == Candidate.BUDGET
                    ? candidate.title() + ", " + backend
                    : candidate.title();
        }
    }

    @Override
    public Integer call() throws Exception {
        out.print(jvms.describe());
        Path folder = Files.createTempDirectory("adstream-bench-");
        try (KafkaProcess kafka = KafkaBroker.start(folder.resolve("kafka"));
                RedisProcess redis = RedisServer.start(folder.resolve("redis"));
                PostgresProcess postgres = PostgresServer.start(folder.resolve("postgres"))) {
            AtExit.close(kafka, redis, postgres);
            if (seconds > 0) {
                String backend = jvms.backends().get(jvms.backends().size() - 1);
                new PauseLatency(
                                new PauseLatency.Setting(
                                        rate, seconds, lead, backend, jvms.parallelism, jvms.heap),
                                out)
                        .measure(kafka, redis, postgres.newDatabase(), folder);
            }
            return events == 0 || measureCpu(kafka, redis, folder) ? 0 : 1;
        } finally {
            FileUtils.deleteDirectoryQuietly(folder.toFile());
        }
    }

    /** Whether every candidate has counted all clicks. */
    private boolean measureCpu(KafkaProcess kafka, RedisProcess redis, Path folder)
            throws IOException {
        InputFiller.Input input =
                new InputFiller(kafka)
                        .fill("cpu-", new InputFiller.Wanted(events, 10_000, 1_000, false, 1));
        out.printf(
                Locale.ROOT,
                "%n%,d events, %,d of them valid clicks%n",
                input.records(),
                input.expected().clicks());
        Map<Measured, List<Double>> perEvent = new LinkedHashMap<>();
        Map<Measured, CandidateJvm> started = new LinkedHashMap<>();
        boolean right = true;
        try {
            for (String backend : jvms.backends()) {
                Measured budget = new Measured(Candidate.BUDGET, backend);
                started.put(budget, start(budget, kafka, redis, folder));
            }
            Measured increments = new Measured(Candidate.INCREMENTS, "");
            started.put(increments, start(increments, kafka, redis, folder));
            for (int round = -jvms.warmUp; round < jvms.rounds; round++) {
                for (Map.Entry<Measured, CandidateJvm> one : started.entrySet()) {
                    redis.flush();
                    RunResult result = one.getValue().run(request(input));
                    right &= report(one.getKey(), round, input, result);
                    if (round >= 0) {
                        perEvent.computeIfAbsent(one.getKey(), any -> new ArrayList<>())
                                .add((double) result.jobNanos() / input.records());
                    }
                }
            }
        } finally {
            for (CandidateJvm jvm : started.values()) {
                jvm.close();
            }
        }
        print(perEvent);
        return right;
    }

    private CandidateJvm start(
            Measured measured, KafkaProcess kafka, RedisProcess redis, Path folder)
            throws IOException {
        return jvms.start(
                measured.candidate(),
                measured.backend(),
                kafka,
                redis,
                folder.resolve("cpu-" + measured.backend()));
    }

    private static RunRequest request(InputFiller.Input input) {
        return new RunRequest(
                input.topicPrefix(),
                input.records(),
                input.endOfWindows(),
                "bench-" + System.nanoTime(),
                false);
    }

    /** Whether the clicks are right: the loop counts repeated ones too. */
    private boolean report(
            Measured measured, int round, InputFiller.Input input, RunResult result) {
        long clicks = result.counts().getOrDefault("clicks", Counts.NONE).clicks();
        boolean right =
                measured.candidate() == Candidate.BUDGET
                        ? clicks == input.expected().clicks()
                        : clicks >= input.expected().clicks();
        out.printf(
                Locale.ROOT,
                "%s: %s %6.0f ns CPU per event, %5.1f s by the wall clock, %,d clicks counted, %s%n",
                measured.title(),
                round < 0 ? "warm-up" : "round " + (round + 1),
                (double) result.jobNanos() / input.records(),
                result.wallNanos() / 1e9,
                clicks,
                right ? "right" : "WRONG");
        return right;
    }

    private void print(Map<Measured, List<Double>> perEvent) {
        TextTable table = new TextTable("CPU time", "ns per event", "least – most");
        perEvent.forEach(
                (measured, values) -> {
                    double[] nanos = values.stream().mapToDouble(value -> value).sorted().toArray();
                    table.row(
                            measured.title(),
                            String.format(Locale.ROOT, "%.0f", Medians.median(nanos)),
                            String.format(
                                    Locale.ROOT, "%.0f – %.0f", nanos[0], nanos[nanos.length - 1]));
                });
        out.println();
        out.print(table.render());
    }
}
