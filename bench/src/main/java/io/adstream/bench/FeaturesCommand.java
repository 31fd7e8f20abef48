package io.adstream.bench;

import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.KafkaProcess;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the features job beside the two window operators that it was first written as. */
@Command(
        name = "features",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Shop events per CPU second, and state per user, of the features job and of Flink's"
                        + " sliding and session windows.")
final class FeaturesCommand implements Callable<Integer> {

    /** Watermarks are behind the newest event by this and a millisecond. */
    private static final long DISORDER = 10_000;

    @Option(names = "--events", description = "events that adstream reads")
    int events = 2_000_000;

    @Option(
            names = "--window-events",
            description =
                    "events that Flink's windows read: as many per person, of fewer people; their"
                            + " figure is per event all the same")
    int windowEvents = 500_000;

    @Option(names = "--events-per-person", description = "how much each person does")
    int eventsPerPerson = 12;

    @Option(names = "--hours", description = "hours of event time that they take")
    int hours = 3;

    @Option(
            names = "--candidates",
            split = ",",
            description = "who is measured: FEATURES, FEATURES_FROM_STATE, LITERAL_WINDOWS")
    List<Candidate> candidates =
            List.of(Candidate.FEATURES, Candidate.FEATURES_FROM_STATE, Candidate.LITERAL_WINDOWS);

    @Option(names = "--seed", description = "decides every event")
    long seed = 1;

    @Mixin CandidateOptions jvms = new CandidateOptions();

    private final PrintStream out = System.out;

    /**
     * A filled topic.
     *
     * @param watermark by which results are compared, epoch ms
     * @param people who did anything
     */
    record Input(
            String topicPrefix, long records, long watermark, long people, FeatureSums expected) {}

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("adstream-bench-");
        try (KafkaProcess kafka = KafkaBroker.start(folder.resolve("kafka"));
                RedisProcess redis = RedisServer.start(folder.resolve("redis"))) {
            AtExit.close(kafka, redis);
            out.print(jvms.describe());
            Input all = fill(kafka, "all-", events);
            Input some =
                    candidates.contains(Candidate.LITERAL_WINDOWS)
                            ? fill(kafka, "some-", Math.min(windowEvents, events))
                            : all;
            FeaturesResults results = new FeaturesResults(out);
            for (String backend : jvms.backends()) {
                measure(backend, all, some, kafka, redis, folder.resolve(backend), results);
            }
            results.print();
            return results.allRight() ? 0 : 1;
        } finally {
            FileUtils.deleteDirectoryQuietly(folder.toFile());
        }
    }

    private Input fill(KafkaProcess kafka, String prefix, int count) {
        long span = Duration.ofHours(hours).toMillis();
        long start =
                Instant.now().truncatedTo(ChronoUnit.HOURS).toEpochMilli()
                        - span
                        - Duration.ofHours(1).toMillis();
        List<ShopperInput.Event> all =
                ShopperInput.of(count, Math.max(1, count / eventsPerPerson), start, span, seed);
        // The last instant of a second, behind the last event; what is open stays open.
        long watermark = start + span + Duration.ofSeconds(1).toMillis() - 1;
        TopicWriter writer =
                new TopicWriter(kafka, prefix + "commerce-events", InputFiller.PARTITIONS);
        try (writer) {
            long id = 0;
            for (ShopperInput.Event event : all) {
                writer.add(event.userId().getBytes(StandardCharsets.US_ASCII), event.json(++id));
            }
            ShopperInput.Event closing =
                    new ShopperInput.Event(-1, 0, watermark + DISORDER + 1, -1, 0, 0);
            for (int partition = 0; partition < InputFiller.PARTITIONS; partition++) {
                writer.add(partition, closing.json(++id));
            }
        }
        Input input =
                new Input(
                        prefix,
                        all.size(),
                        watermark,
                        ShopperInput.people(all),
                        ShopperInput.expected(all, watermark));
        out.printf(
                Locale.ROOT,
                "%,d records of %,d people, %.0f bytes each, %d h of event time, in %d partitions;"
                        + " %,d hours and %,d sessions must end%n",
                input.records(),
                input.people(),
                (double) writer.bytes() / writer.records(),
                hours,
                InputFiller.PARTITIONS,
                input.expected().hours(),
                input.expected().sessions());
        return input;
    }

    private void measure(
            String backend,
            Input all,
            Input some,
            KafkaProcess kafka,
            RedisProcess redis,
            Path folder,
            FeaturesResults results)
            throws IOException {
        List<CandidateJvm> started = new ArrayList<>();
        try {
            for (Candidate candidate : candidates) {
                started.add(jvms.start(candidate, backend, kafka, redis, folder));
            }
            for (int round = -jvms.warmUp; round < jvms.rounds; round++) {
                for (int i = 0; i < candidates.size(); i++) {
                    Candidate candidate = candidates.get(i);
                    Input input = candidate == Candidate.LITERAL_WINDOWS ? some : all;
                    redis.flush();
                    RunResult result =
                            started.get(i)
                                    .run(
                                            new RunRequest(
                                                    input.topicPrefix(),
                                                    input.records(),
                                                    input.watermark(),
                                                    "bench-" + System.nanoTime(),
                                                    round == jvms.rounds - 1));
                    results.add(input, candidate, backend, round, result);
                }
            }
        } finally {
            for (CandidateJvm jvm : started) {
                jvm.close();
            }
        }
    }
}
