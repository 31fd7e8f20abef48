package io.adstream.bench;

import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.KafkaProcess;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

/** Measures the attribution job beside the pattern as first written down, and beside SQL. */
@Command(
        name = "attribution",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Clicks and conversions per CPU second, and state per open click, of the attribution"
                        + " job, of the literal CEP pattern and of an interval join in Flink SQL.")
final class AttributionCommand implements Callable<Integer> {

    /** Behind the newest event: by then every candidate knows that nothing older comes. */
    private static final Duration CLOSING = Duration.ofSeconds(62);

    @Option(names = "--events", description = "clicks and conversions, repeated ones not counted")
    int events = 600_000;

    @Option(names = "--hours", description = "hours of event time that they take")
    int hours = 36;

    @Option(
            names = "--crowded-clicks",
            description =
                    "measure adstream once more where so many of the clicks are one device's; 0"
                            + " does not")
    int crowdedClicks = 100_000;

    @Option(
            names = "--cep-events",
            description =
                    "how many the literal CEP pattern reads, and adstream once more beside it; on"
                            + " RocksDB its cost per event grows with their number")
    int cepEvents = 20_000;

    @Option(
            names = "--candidates",
            split = ",",
            description = "who is measured: ATTRIBUTION, LITERAL_CEP, SESSION_JOIN, WHOLE_JOIN")
    List<Candidate> candidates =
            List.of(
                    Candidate.ATTRIBUTION,
                    Candidate.LITERAL_CEP,
                    Candidate.SESSION_JOIN,
                    Candidate.WHOLE_JOIN);

    @Option(names = "--seed", description = "decides every event")
    long seed = 1;

    @Mixin CandidateOptions jvms = new CandidateOptions();

    private final PrintStream out = System.out;

    /**
     * A filled topic.
     *
     * @param end the newest event time, epoch ms
     * @param crowded whether one device has many of the clicks
     * @param readers who reads it
     * @param openClicks clicks that a conversion at the end could still count
     */
    record Input(
            String name,
            String topicPrefix,
            long records,
            long end,
            boolean crowded,
            Set<Candidate> readers,
            long openClicks,
            Credits expected) {}

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("adstream-bench-");
        try (KafkaProcess kafka = KafkaBroker.start(folder.resolve("kafka"));
                RedisProcess redis = RedisServer.start(folder.resolve("redis"))) {
            AtExit.close(kafka, redis);
            out.print(jvms.describe());
            List<Input> inputs = new ArrayList<>();
            inputs.add(
                    fill(
                            kafka,
                            "people alone",
                            events,
                            0,
                            wanted(
                                    Candidate.ATTRIBUTION,
                                    Candidate.SESSION_JOIN,
                                    Candidate.WHOLE_JOIN)));
            if (crowdedClicks > 0) {
                inputs.add(
                        fill(
                                kafka,
                                "a crowded device",
                                events,
                                crowdedClicks,
                                wanted(Candidate.ATTRIBUTION)));
            }
            if (candidates.contains(Candidate.LITERAL_CEP)) {
                inputs.add(
                        fill(
                                kafka,
                                "fewer people",
                                cepEvents,
                                0,
                                wanted(Candidate.ATTRIBUTION, Candidate.LITERAL_CEP)));
            }
            inputs.removeIf(input -> input.readers().isEmpty());
            AttributionResults results = new AttributionResults(out);
            for (String backend : jvms.backends()) {
                measure(backend, inputs, kafka, redis, folder.resolve(backend), results);
            }
            results.print(inputs);
            return results.adstreamIsRight() ? 0 : 1;
        } finally {
            FileUtils.deleteDirectoryQuietly(folder.toFile());
        }
    }

    private Set<Candidate> wanted(Candidate first, Candidate... others) {
        Set<Candidate> wanted = EnumSet.of(first, others);
        wanted.retainAll(candidates);
        return wanted;
    }

    private Input fill(
            KafkaProcess kafka, String name, int count, int crowded, Set<Candidate> readers) {
        String prefix = name.replace(' ', '-') + "-";
        long span = Duration.ofHours(hours).toMillis();
        long start =
                Instant.now().truncatedTo(ChronoUnit.HOURS).toEpochMilli()
                        - span
                        - Duration.ofHours(1).toMillis();
        List<JourneyInput.Event> all = JourneyInput.of(count, crowded, start, span, seed);
        long end = all.stream().mapToLong(JourneyInput.Event::time).max().orElse(start);
        TopicWriter writer = new TopicWriter(kafka, prefix + "ad-events", InputFiller.PARTITIONS);
        try (writer) {
            for (JourneyInput.Event event : all) {
                writer.add(event.key(), event.json());
            }
            for (int partition = 0; partition < InputFiller.PARTITIONS; partition++) {
                writer.add(partition, InputFiller.closing(end + CLOSING.toMillis()));
            }
        }
        Credits expected = JourneyInput.credits(all);
        Input input =
                new Input(
                        name,
                        prefix,
                        all.size(),
                        end,
                        crowded > 0,
                        readers,
                        JourneyInput.openClicks(all, end),
                        expected);
        out.printf(
                Locale.ROOT,
                "%s: %,d records, %.0f bytes each, %d h of event time, in %d partitions; %,d"
                        + " conversions have a click by session, %,d more by device; %,d clicks are"
                        + " open at the end%n",
                name,
                input.records(),
                (double) writer.bytes() / writer.records(),
                hours,
                InputFiller.PARTITIONS,
                expected.bySession(),
                expected.byDevice(),
                input.openClicks());
        return input;
    }

    private void measure(
            String backend,
            List<Input> inputs,
            KafkaProcess kafka,
            RedisProcess redis,
            Path folder,
            AttributionResults results)
            throws IOException {
        List<CandidateJvm> started = new ArrayList<>();
        try {
            for (Candidate candidate : candidates) {
                started.add(jvms.start(candidate, backend, kafka, redis, folder));
            }
            for (int round = -jvms.warmUp; round < jvms.rounds; round++) {
                for (Input input : inputs) {
                    for (int i = 0; i < candidates.size(); i++) {
                        Candidate candidate = candidates.get(i);
                        if (!input.readers().contains(candidate)) {
                            continue;
                        }
                        redis.flush();
                        RunResult result =
                                started.get(i)
                                        .run(
                                                new RunRequest(
                                                        input.topicPrefix(),
                                                        input.records(),
                                                        input.end() + 1,
                                                        "bench-" + System.nanoTime(),
                                                        round == jvms.rounds - 1));
                        results.add(input, candidate, backend, round, result);
                    }
                }
            }
        } finally {
            for (CandidateJvm jvm : started) {
                jvm.close();
            }
        }
    }
}
