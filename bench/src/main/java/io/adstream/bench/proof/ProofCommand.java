package io.adstream.bench.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.adstream.local.flink.FlinkRest;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redis.clients.jedis.Jedis;

/** {@code bench/run proof}: is every number right, whatever happens meanwhile? */
@Command(
        name = "proof",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts the system, sends simulated traffic with duplicates, disorder, late and broken"
                    + " records, harms it meanwhile, and compares every row, record, dead letter,"
                    + " count and Redis key with an independent count of what was sent, and every"
                    + " attributed conversion with a look at every click, every budget with"
                    + " its clicks, every feature with all that its user did, and every quality"
                    + " score with the rows that it is made of.",
            "",
            "Faults: kill -9 of a TaskManager five times and of the JobManager once, Redis and"
                    + " PostgreSQL frozen for 30 s each, Redis emptied and killed."
        })
public final class ProofCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    /** Until every partition has events that the jobs have seen. */
    private static final Duration FIRST_EVENTS = Duration.ofSeconds(3);

    private static final String CHECKPOINT_INTERVAL =
            "(flink.execution.checkpointing.interval:) .*";

    /** So many of the records are of shops, where a job reads them. */
    private static final String COMMERCE_SHARE = "0.3";

    @Option(
            names = "--events",
            defaultValue = "1000000",
            description = "Records to send (default: ${DEFAULT-VALUE}).")
    private long events;

    @Option(
            names = "--rate",
            defaultValue = "400",
            description = "Records per second of event time (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--speed",
            defaultValue = "10",
            description = "Event time per wall time (default: ${DEFAULT-VALUE}).")
    private int speed;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Seed of the traffic (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--state-backend",
            defaultValue = "rocksdb",
            description = "hashmap or rocksdb (default: ${DEFAULT-VALUE}).")
    private String stateBackend;

    @Option(
            names = "--jobs",
            split = ",",
            defaultValue = "metrics,attribution,budget,features,quality",
            description = "The jobs that are proven (default: ${DEFAULT-VALUE}).")
    private List<String> jobs;

    @Option(names = "--no-faults", description = "Harm nothing.")
    private boolean noFaults;

    @Option(
            names = "--parallelism",
            split = ",",
            defaultValue = "2",
            description =
                    "Parallelism; with several, 1,4,2, the job is rescaled by savepoint in between"
                            + " (default: ${DEFAULT-VALUE}).")
    private List<Integer> parallelism;

    @Option(
            names = "--rest",
            defaultValue = "12",
            description = "Seconds between two faults (default: ${DEFAULT-VALUE}).")
    private int restSeconds;

    @Option(
            names = "--port-offset",
            defaultValue = "20000",
            description = "Ports of the system (default: ${DEFAULT-VALUE}).")
    private int portOffset;

    @Option(names = "--data-dir", description = "Where everything lives (default: a new folder).")
    private Path dataDir;

    @Option(names = "--keep", description = "Leave the system running at the end.")
    private boolean keep;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws Exception {
        Path folder =
                dataDir == null
                        ? Files.createTempDirectory("adstream-proof-")
                        : Files.createDirectories(dataDir);
        Path root = Path.of(System.getProperty("adstream.root", "")).toAbsolutePath();
        AdstreamCli adstream =
                new AdstreamCli(
                        root, folder.resolve("system"), configuration(root, folder), folder);
        boolean up = false;
        try {
            up(adstream);
            up = true;
            boolean holds = prove(adstream, folder);
            out.println(holds ? "EQUAL: nothing differs." : "DIFFERENT: see above.");
            return holds ? 0 : 1;
        } finally {
            if (up && !keep) {
                out.print(adstream.run("down"));
            }
            out.println("kept in " + folder);
        }
    }

    /** The jobs' configuration, but for what makes it certain which events are late. */
    private static Path configuration(Path root, Path folder) throws IOException {
        Path own = Files.createDirectories(folder.resolve("conf"));
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(root.resolve("conf"), "*.yaml")) {
            for (Path file : files) {
                Files.writeString(own.resolve(file.getFileName()), Files.readString(file));
            }
        }
        adjust(
                own.resolve("attribution.yaml"),
                "attribution.max-out-of-orderness",
                AttributionTruth.BOUND);
        adjust(own.resolve("features.yaml"), "watermark.max-out-of-orderness", FeaturesTruth.BOUND);
        adjust(own.resolve("quality.yaml"), "quality.settle-time", QualityTruth.SETTLE);
        adjust(own.resolve("quality.yaml"), "quality.silence", QualityTruth.SILENCE);
        return own;
    }

    /** A checkpoint every 10 s, and a time for disorder. */
    private static void adjust(Path file, String key, Duration time) throws IOException {
        Files.writeString(
                file,
                Files.readString(file).replaceAll(CHECKPOINT_INTERVAL, "$1 10 s")
                        + "\n"
                        + key
                        + ": "
                        + time.toMinutes()
                        + " min\n");
    }

    private void up(AdstreamCli adstream) throws IOException, InterruptedException {
        out.println("up, parallelism " + parallelism.get(0) + ", " + stateBackend);
        adstream.run(
                "up",
                "-d",
                "--no-traffic",
                "--fresh",
                "--jobs",
                String.join(",", jobs),
                "--parallelism",
                parallelism.get(0).toString(),
                "--state-backend",
                stateBackend,
                "--port-offset",
                Integer.toString(portOffset));
    }

    private boolean prove(AdstreamCli adstream, Path folder) throws Exception {
        JsonNode addresses = adstream.status();
        String postgres = addresses.path("postgres").asText();
        Instant start =
                Instant.now()
                        .minusSeconds(events / rate)
                        .minus(4, ChronoUnit.HOURS)
                        .truncatedTo(ChronoUnit.SECONDS);
        Path labels = folder.resolve("labels.ndjson");
        Path report = folder.resolve("traffic.log");
        Process traffic =
                adstream.start(
                        report,
                        "traffic",
                        "--quiet",
                        "--events",
                        Long.toString(events),
                        "--rate",
                        Integer.toString(rate),
                        "--speed",
                        Integer.toString(speed),
                        "--seed",
                        Long.toString(seed),
                        "--start",
                        start.toString(),
                        "--daily-curve",
                        "0",
                        "--commerce-share",
                        jobs.contains("features") ? COMMERCE_SHARE : "0",
                        "--labels",
                        labels.toString());
        try {
            if (!noFaults) {
                awaitCheckpoints(addresses);
                new Faults(adstream, Duration.ofSeconds(restSeconds), out).strike();
            }
            for (int parallel : parallelism.subList(1, parallelism.size())) {
                Faults.pause(Duration.ofSeconds(restSeconds));
                rescale(adstream, parallel);
            }
            if (traffic.waitFor() != 0) {
                throw new IOException("traffic failed:\n" + Files.readString(report));
            }
        } finally {
            traffic.destroy();
        }
        out.print(Files.readString(report));
        try (RunningBroker kafka = new RunningBroker(addresses.path("kafka").asText())) {
            Instant last = start.plusSeconds(events / rate);
            boolean holds = true;
            AttributionTruth attribution = null;
            // While the last hour still holds events.
            Instant soon = last.plus(20, ChronoUnit.MINUTES);
            if (jobs.contains("attribution") || jobs.contains("features")) {
                moveTime(kafka, "soon", soon);
            }
            if (jobs.contains("features")) {
                FeaturesTruth features =
                        new FeaturesTruth(kafka, postgres, Truth.lateIds(labels), out);
                try (Jedis redis =
                        new Jedis(URI.create("redis://" + addresses.path("redis").asText()))) {
                    holds &= features.redisHolds(redis, soon, PATIENCE);
                }
                holds &= features.holds(soon, PATIENCE);
            }
            if (jobs.contains("attribution")) {
                attribution = new AttributionTruth(kafka, postgres, Truth.lateIds(labels), out);
                try (Jedis redis =
                        new Jedis(URI.create("redis://" + addresses.path("redis").asText()))) {
                    holds &= attribution.redisHolds(redis, soon, PATIENCE);
                }
            }
            Instant end = last.plus(2, ChronoUnit.HOURS);
            moveTime(kafka, "closing", end);
            if (jobs.contains("metrics")) {
                Truth truth = new Truth(kafka, postgres, addresses.path("redis").asText(), out);
                awaitDone(truth, postgres, end);
                holds &= truth.holds(labels);
            }
            if (jobs.contains("quality")) {
                QualityTruth quality =
                        new QualityTruth(kafka, postgres, addresses.path("redis").asText(), out);
                holds &= quality.holds(QualityTruth.lastRefresh(last), PATIENCE);
            }
            if (attribution != null) {
                holds &= attribution.holds(labels, PATIENCE);
            }
            if (jobs.contains("budget")) {
                BudgetTruth budget =
                        new BudgetTruth(kafka, postgres, addresses.path("redis").asText(), out);
                holds &= budget.holds(end, PATIENCE);
            }
            return holds;
        }
    }

    /**
     * Waits until each job has a checkpoint that knows the time of events. A job that is killed
     * before begins anew, takes the whole backlog in one gulp, and whatever is in it comes in time.
     */
    private void awaitCheckpoints(JsonNode addresses) throws IOException, InterruptedException {
        FlinkRest flink = new FlinkRest(URI.create(addresses.path("flink").asText()).getPort());
        long since = Instant.now().plus(FIRST_EVENTS).toEpochMilli();
        for (String job : jobs) {
            String id = addresses.path("jobs").path(job).path("id").asText();
            Instant deadline = Instant.now().plus(PATIENCE);
            while (flink.checkpoints(id)
                            .path("latest")
                            .path("completed")
                            .path("trigger_timestamp")
                            .asLong()
                    < since) {
                if (Instant.now().isAfter(deadline)) {
                    throw new IOException(job + " completes no checkpoint");
                }
                Faults.pause(Duration.ofSeconds(1));
            }
        }
    }

    private void rescale(AdstreamCli adstream, int parallel)
            throws IOException, InterruptedException {
        out.println("savepoints, and on with parallelism " + parallel);
        // Where both need all slots, one waits until the other has gone.
        for (String job : jobs) {
            adstream.run("savepoint", "--stop", job);
        }
        for (String job : jobs) {
            adstream.run("submit", "--parallelism", Integer.toString(parallel), job);
        }
    }

    /** An event long after the last one, in every partition, so that windows close. */
    private void moveTime(RunningBroker kafka, String id, Instant time) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int partition = 0; partition < 12; partition++) {
            String json =
                    """
                    {"event_id":"%s-%d","event_type":"IMPRESSION","event_time":"%s",\
                    "ad_id":"closing","campaign_id":"closing","advertiser_id":"closing"}"""
                            .formatted(id, partition, time);
            records.add(new ProducerRecord<>("ad-events", partition, null, json.getBytes(UTF_8)));
            if (jobs.contains("features")) {
                String view =
                        """
                        {"event_id":"%s-%d","event_type":"view","event_time":"%s",\
                        "user_id":"closing"}"""
                                .formatted(id, partition, time);
                records.add(
                        new ProducerRecord<>(
                                "commerce-events", partition, null, view.getBytes(UTF_8)));
            }
        }
        kafka.produce(records);
    }

    private void awaitDone(Truth truth, String postgres, Instant end) throws Exception {
        long sent = truth.sent();
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Truth.received(postgres) < sent
                || Truth.progress(postgres).isBefore(end.minusSeconds(11))) {
            if (Instant.now().isAfter(deadline)) {
                out.printf(
                        "gave up: %,d of %,d records counted, watermark %s%n",
                        Truth.received(postgres), sent, Truth.progress(postgres));
                return;
            }
            Faults.pause(Duration.ofSeconds(2));
        }
        // Two more checkpoints, so that what Kafka shows is complete.
        Faults.pause(Duration.ofSeconds(25));
        out.printf("all %,d records counted%n", sent);
    }
}
