package io.adstream.bench;

import io.adstream.common.kafka.Topics;
import io.adstream.local.traffic.Simulation;
import io.adstream.local.traffic.SimulationOptions;
import io.adstream.local.traffic.TrafficRecord;
import io.adstream.local.traffic.Verdict;
import io.adstream.metrics.MetricsJob;
import io.adstream.testing.ProjectRoot;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.KafkaProcess;
import io.adstream.testing.services.PostgresProcess;
import io.adstream.testing.services.PostgresServer;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.TestDatabase;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.util.FileUtils;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Response;

/** Measures how long after its arrival in Kafka a record shows in the live key of its ad. */
@Command(
        name = "live",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "From a record's arrival in Kafka to its effect in the :live key of Redis.")
final class LiveCommand implements Callable<Integer> {

    private static final long MINUTE = 60_000;
    private static final long POLL_NANOS = Duration.ofMillis(3).toNanos();
    private static final long READ_NANOS = Duration.ofMillis(2).toNanos();
    private static final long SETTLE_MILLIS = 5_000;

    @Option(names = "--rate", description = "events per second")
    double rate = 10_000;

    @Option(names = "--seconds", description = "how long is measured")
    int seconds = 120;

    @Option(names = "--warm-up", description = "seconds of traffic before")
    int warmUp = 45;

    @Option(names = "--ads", description = "number of ads")
    int ads = 1_000;

    @Option(names = "--sampled", description = "ads whose live keys are watched")
    int sampled = 60;

    @Option(names = "--backend", description = "hashmap or rocksdb")
    String backend = "rocksdb";

    @Option(names = "--parallelism", description = "of the job")
    int parallelism = 2;

    @Option(names = "--heap", description = "heap of the job's JVM")
    String heap = "2g";

    @Option(names = "--raw-events", description = "keep each event in PostgreSQL as well")
    boolean rawEvents;

    private final PrintStream out = System.out;
    private volatile boolean over;

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("adstream-bench-");
        try (KafkaProcess kafka = KafkaBroker.start(folder.resolve("kafka"));
                RedisProcess redis = RedisServer.start(folder.resolve("redis"));
                PostgresProcess postgres = PostgresServer.start(folder.resolve("postgres"))) {
            AtExit.close(kafka, redis, postgres);
            Map<String, String> appendTime = Map.of("message.timestamp.type", "LogAppendTime");
            kafka.createTopicNamed(Topics.AD_EVENTS, InputFiller.PARTITIONS, appendTime);
            kafka.createTopicNamed(Topics.PERFORMANCE_METRICS, 6, appendTime);
            kafka.createTopicNamed(Topics.deadLetters(Topics.AD_EVENTS), 3, appendTime);
            Process job = startJob(kafka, redis, postgres.newDatabase(), folder);
            try {
                measure(kafka, redis, job);
            } catch (IOException | IllegalStateException e) {
                out.println(Files.readString(folder.resolve("job.log")));
                throw e;
            } finally {
                job.destroy();
                if (!job.waitFor(20, TimeUnit.SECONDS)) {
                    job.destroyForcibly();
                }
            }
            return 0;
        } finally {
            FileUtils.deleteDirectoryQuietly(folder.toFile());
        }
    }

    private Process startJob(
            KafkaProcess kafka, RedisProcess redis, TestDatabase database, Path folder)
            throws IOException {
        Map<String, String> options = new LinkedHashMap<>();
        EngineSettings.ofProduction().forEach((key, value) -> options.put("flink." + key, value));
        options.put("flink.state.backend.type", backend);
        options.put("flink.parallelism.default", String.valueOf(parallelism));
        options.put(
                "flink.execution.checkpointing.dir",
                folder.resolve("checkpoints").toUri().toString());
        options.remove("flink.execution.checkpointing.savepoint-dir");
        options.put("kafka.bootstrap-servers", kafka.bootstrapServers());
        options.put("redis.host", redis.host());
        options.put("redis.port", String.valueOf(redis.port()));
        options.put("postgres.url", database.jdbcUrl());
        options.put("postgres.user", database.user());
        options.put("metrics.raw-events", String.valueOf(rawEvents));
        List<String> command =
                new ArrayList<>(
                        CandidateJvm.command(
                                List.of("-Xmx" + heap, "-XX:+UseG1GC"), MetricsJob.class));
        options.forEach(
                (key, value) -> {
                    command.add("--" + key);
                    command.add(value);
                });
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("ADSTREAM_POSTGRES_PASSWORD", database.password());
        return builder.directory(ProjectRoot.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("job.log").toFile())
                .start();
    }

    private record Append(String ad, long minute, long at) {}

    private void measure(KafkaProcess kafka, RedisProcess redis, Process job) throws Exception {
        List<String> watched = watchedAds();
        Map<String, Sightings> sightings = new LinkedHashMap<>();
        watched.forEach(ad -> sightings.put(ad, new Sightings()));
        ConcurrentLinkedQueue<Append> appends = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Future<Long> traffic = threads.submit(() -> send(kafka, sightings.keySet(), appends));
            Future<?> watch = threads.submit(() -> watch(redis, sightings));
            awaitFirstKey(redis, watched.get(0), job, traffic);
            Future<long[]> reads = threads.submit(() -> read(redis, watched));
            pause(warmUp * 1000L, job);
            long from = System.currentTimeMillis();
            pause(seconds * 1000L, job);
            long to = System.currentTimeMillis();
            pause(SETTLE_MILLIS, job);
            over = true;
            long sent = traffic.get(1, TimeUnit.MINUTES);
            watch.get(1, TimeUnit.MINUTES);
            appends.forEach(
                    append -> sightings.get(append.ad()).appended(append.minute(), append.at()));
            report(sightings, from, to, sent, reads.get(1, TimeUnit.MINUTES));
        } finally {
            over = true;
            threads.shutdownNow();
        }
    }

    /** The most popular ads, and from there down evenly by the logarithm of their rank. */
    private List<String> watchedAds() {
        TreeSet<Integer> ranks = new TreeSet<>();
        for (int i = 0; i < sampled; i++) {
            ranks.add((int) Math.round(Math.pow(ads, (double) i / (sampled - 1))));
        }
        return ranks.stream().map(rank -> "ad-" + rank).toList();
    }

    /** Sends at the rate until it is over; returns how many. */
    private long send(
            KafkaProcess kafka, Set<String> watched, ConcurrentLinkedQueue<Append> appends) {
        Instant start = Instant.now();
        Simulation simulation =
                new Simulation(
                        SimulationOptions.builder()
                                .rate(rate)
                                .start(start)
                                .ads(ads)
                                .commerceShare(0)
                                .amending(0)
                                .late(0)
                                .build());
        long sent = 0;
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                kafka.bootstrapServers(),
                                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                                "lz4",
                                ProducerConfig.LINGER_MS_CONFIG,
                                5),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            while (!over) {
                TrafficRecord record = simulation.next();
                long ahead = record.sentAt() - System.currentTimeMillis();
                if (ahead > 0) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ahead));
                }
                String ad = record.verdict() == Verdict.VALID ? record.adId() : null;
                boolean isWatched = ad != null && watched.contains(ad);
                long minute = Math.floorDiv(record.eventTime(), MINUTE) * MINUTE;
                // What fails shows as a record without effect, since its callback adds nothing.
                var unused =
                        producer.send(
                                new ProducerRecord<>(
                                        Topics.AD_EVENTS, record.key(), record.value()),
                                (metadata, error) -> {
                                    if (isWatched && error == null) {
                                        appends.add(new Append(ad, minute, metadata.timestamp()));
                                    }
                                });
                sent++;
            }
        }
        return sent;
    }

    /** Reads the live keys of the watched ads again and again. */
    private void watch(RedisProcess redis, Map<String, Sightings> sightings) {
        try (Jedis jedis = redis.connect()) {
            Map<String, Response<Map<String, String>>> replies = new LinkedHashMap<>();
            while (!over) {
                try (var pipeline = jedis.pipelined()) {
                    for (String ad : sightings.keySet()) {
                        replies.put(ad, pipeline.hgetAll(key(ad)));
                    }
                    pipeline.sync();
                }
                long now = System.currentTimeMillis();
                replies.forEach(
                        (ad, reply) -> {
                            Map<String, String> hash = reply.get();
                            if (!hash.isEmpty()) {
                                sightings
                                        .get(ad)
                                        .seen(
                                                now,
                                                Instant.parse(hash.get("window_start"))
                                                        .toEpochMilli(),
                                                Long.parseLong(hash.get("impressions"))
                                                        + Long.parseLong(hash.get("clicks"))
                                                        + Long.parseLong(hash.get("conversions")));
                            }
                        });
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    /** Reads one live key at a time, as a dashboard would; returns the nanoseconds of each. */
    private long[] read(RedisProcess redis, List<String> watched) {
        List<Long> nanos = new ArrayList<>();
        try (Jedis jedis = redis.connect()) {
            for (int i = 0; !over; i++) {
                String key = key(watched.get(i % watched.size()));
                long began = System.nanoTime();
                var unused = jedis.hgetAll(key);
                nanos.add(System.nanoTime() - began);
                LockSupport.parkNanos(READ_NANOS);
            }
        }
        return nanos.stream().mapToLong(n -> n).sorted().toArray();
    }

    private static String key(String ad) {
        return "ad:" + ad + ":metrics:1m:live";
    }

    private void awaitFirstKey(RedisProcess redis, String ad, Process job, Future<?> traffic)
            throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        try (Jedis jedis = redis.connect()) {
            while (!jedis.exists(key(ad))) {
                if (System.nanoTime() > deadline || traffic.isDone()) {
                    throw new IllegalStateException("no live key appears");
                }
                pause(200, job);
            }
        }
    }

    private static void pause(long millis, Process job) throws IOException {
        try {
            if (job.waitFor(millis, TimeUnit.MILLISECONDS)) {
                throw new IOException("the job has ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void report(
            Map<String, Sightings> sightings, long from, long to, long sent, long[] reads) {
        out.printf(
                Locale.ROOT,
                "%,.0f events/s wanted, %,d sent in all, %d ads, %d of them watched; %s,"
                        + " parallelism %d, checkpoints as in conf/config.yaml, raw events %s; measured"
                        + " for %d s after %d s%n",
                rate,
                sent,
                ads,
                sightings.size(),
                backend,
                parallelism,
                rawEvents ? "on" : "off",
                seconds,
                warmUp);
        double span = (to - from) / 1000.0;
        Map<String, List<Sightings.Outcome>> groups = new LinkedHashMap<>();
        List.of("all", "over 10 events/s", "1 to 10 events/s", "under 1 event/s")
                .forEach(name -> groups.put(name, new ArrayList<>()));
        for (Sightings each : sightings.values()) {
            Sightings.Outcome outcome = each.between(from, to);
            double perSecond = outcome.millis().size() / span;
            groups.get("all").add(outcome);
            groups.get(
                            perSecond > 10
                                    ? "over 10 events/s"
                                    : perSecond >= 1 ? "1 to 10 events/s" : "under 1 event/s")
                    .add(outcome);
        }
        TextTable table =
                new TextTable(
                        "arrival → :live, ms",
                        "ads",
                        "records",
                        "p50",
                        "p90",
                        "p99",
                        "p99.9",
                        "max",
                        "seen by the next minute",
                        "no longer live",
                        "no effect");
        groups.forEach((name, outcomes) -> table.row(row(name, outcomes)));
        out.print(table.render());
        out.printf(
                Locale.ROOT,
                "HGETALL of a live key under this load: %,d reads, p50 %.2f ms, p99 %.2f ms, max"
                        + " %.2f ms%n",
                reads.length,
                Medians.percentile(reads, 0.5) / 1e6,
                Medians.percentile(reads, 0.99) / 1e6,
                reads[reads.length - 1] / 1e6);
    }

    private static String[] row(String name, List<Sightings.Outcome> outcomes) {
        long[] sorted =
                outcomes.stream()
                        .flatMap(outcome -> outcome.millis().stream())
                        .mapToLong(m -> m)
                        .sorted()
                        .toArray();
        List<String> cells = new ArrayList<>();
        cells.add(name);
        cells.add(String.valueOf(outcomes.size()));
        cells.add("%,d".formatted(sorted.length));
        for (double share : new double[] {0.5, 0.9, 0.99, 0.999, 1}) {
            cells.add(
                    sorted.length == 0 ? "-" : "%,d".formatted(Medians.percentile(sorted, share)));
        }
        cells.add("%,d".formatted(outcomes.stream().mapToLong(Sightings.Outcome::replaced).sum()));
        cells.add("%,d".formatted(outcomes.stream().mapToLong(Sightings.Outcome::notLive).sum()));
        cells.add("%,d".formatted(outcomes.stream().mapToLong(Sightings.Outcome::unseen).sum()));
        return cells.toArray(new String[0]);
    }
}
