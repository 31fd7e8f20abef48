package io.adstream.bench;

import io.adstream.bench.PauseWatch.Place;
import io.adstream.budget.BudgetJob;
import io.adstream.common.kafka.Topics;
import io.adstream.local.traffic.Campaign;
import io.adstream.local.traffic.RedisAdServer;
import io.adstream.local.traffic.Simulation;
import io.adstream.local.traffic.SimulationOptions;
import io.adstream.local.traffic.TrafficRecord;
import io.adstream.local.traffic.Verdict;
import io.adstream.testing.ProjectRoot;
import io.adstream.testing.services.KafkaProcess;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.TestDatabase;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import redis.clients.jedis.Jedis;

/**
 * The whole job under live traffic of an ad server that obeys pauses. Budgets are such that the
 * campaigns cross 95 % one after the other while it is measured.
 */
final class PauseLatency {

    private static final int CAMPAIGNS = 200;
    private static final double DAY_SECONDS = 86_400;

    /** Longer than a checkpoint interval, so that the last records are committed. */
    private static final long SETTLE_MILLIS = 8_000;

    /**
     * How it is measured.
     *
     * @param lead seconds of traffic before
     */
    record Setting(
            double rate, int seconds, int lead, String backend, int parallelism, String heap) {}

    private final Setting setting;
    private final PrintStream out;
    private volatile boolean over;

    PauseLatency(Setting setting, PrintStream out) {
        this.setting = setting;
        this.out = out;
    }

    void measure(KafkaProcess kafka, RedisProcess redis, TestDatabase database, Path folder)
            throws Exception {
        Map<String, String> appendTime = Map.of("message.timestamp.type", "LogAppendTime");
        kafka.createTopicNamed(Topics.AD_EVENTS, InputFiller.PARTITIONS, appendTime);
        kafka.createTopicNamed(Topics.BUDGET_MANAGEMENT, 3, appendTime);
        kafka.createTopicNamed(Topics.ALERTS, 3, appendTime);
        Map<String, Long> budgets = budgets();
        List<Campaign> campaigns = new Simulation(options(Instant.now())).market().campaigns();
        insert(database, campaigns, budgets);
        Process job = start(kafka, redis, database, folder);
        PauseWatch watch = new PauseWatch(budgets);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            awaitStatus(redis, campaigns.get(0).id(), job);
            Future<Long> traffic = thread.submit(() -> send(kafka, redis, campaigns, watch));
            try (PauseObservers unused =
                    new PauseObservers(
                            kafka,
                            redis,
                            database,
                            campaigns.stream().map(Campaign::id).toList(),
                            watch)) {
                pause((setting.lead() + setting.seconds()) * 1000L, job);
                over = true;
                pause(SETTLE_MILLIS, job);
            }
            report(watch.outcomes(), traffic.get(1, TimeUnit.MINUTES));
        } catch (IOException | IllegalStateException e) {
            out.println(Files.readString(folder.resolve("job.log")));
            throw e;
        } finally {
            over = true;
            thread.shutdownNow();
            job.destroy();
            if (!job.waitFor(20, TimeUnit.SECONDS)) {
                job.destroyForcibly();
            }
        }
    }

    private SimulationOptions options(Instant start) {
        return SimulationOptions.builder()
                .seed(7)
                .rate(setting.rate())
                .start(start)
                .ads(1_000)
                .campaigns(CAMPAIGNS)
                .commerceShare(0)
                .amending(0)
                .late(0)
                .build();
    }

    /** What each campaign would have spent by its moment, of which 95 % are its limit. */
    private Map<String, Long> budgets() {
        Instant start = Instant.parse("2026-01-01T12:00:00Z");
        Simulation simulation = new Simulation(options(start));
        long end = start.toEpochMilli() + (setting.lead() + setting.seconds()) * 1000L;
        Map<String, TreeMap<Long, Long>> spend = new LinkedHashMap<>();
        for (TrafficRecord record = simulation.next();
                record.sentAt() < end;
                record = simulation.next()) {
            if (isClick(record)) {
                TreeMap<Long, Long> own =
                        spend.computeIfAbsent(record.campaignId(), any -> new TreeMap<>());
                long before = own.isEmpty() ? 0 : own.lastEntry().getValue();
                own.put(record.sentAt(), before + record.costMicros());
            }
        }
        Map<String, Long> budgets = new LinkedHashMap<>();
        int number = 0;
        for (Map.Entry<String, TreeMap<Long, Long>> campaign : spend.entrySet()) {
            double share = (number++ % 97) / 97.0 * 0.9;
            long moment =
                    start.toEpochMilli()
                            + (long) ((setting.lead() + share * setting.seconds()) * 1000);
            Map.Entry<Long, Long> then = campaign.getValue().floorEntry(moment);
            if (then != null && then.getValue() > 0) {
                budgets.put(campaign.getKey(), Math.round(then.getValue() / 0.95));
            }
        }
        return budgets;
    }

    private static boolean isClick(TrafficRecord record) {
        return record.verdict() == Verdict.VALID && record.type().equals("CLICK");
    }

    private static void insert(
            TestDatabase database, List<Campaign> campaigns, Map<String, Long> budgets)
            throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement insert =
                        connection.prepareStatement(
                                "insert into budget.campaigns (campaign_id, advertiser_id,"
                                        + " daily_budget, time_zone) values (?, ?, ?, ?)")) {
            for (Campaign campaign : campaigns) {
                Long budget = budgets.get(campaign.id());
                insert.setString(1, campaign.id());
                insert.setString(2, campaign.advertiserId());
                insert.setBigDecimal(3, budget == null ? null : BigDecimal.valueOf(budget, 6));
                insert.setString(4, campaign.timeZone().getId());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private Process start(
            KafkaProcess kafka, RedisProcess redis, TestDatabase database, Path folder)
            throws IOException {
        Map<String, String> options = new LinkedHashMap<>();
        EngineSettings.ofProduction().forEach((key, value) -> options.put("flink." + key, value));
        options.put("flink.execution.checkpointing.interval", "5 s");
        options.put("flink.state.backend.type", setting.backend());
        options.put("flink.parallelism.default", String.valueOf(setting.parallelism()));
        options.put(
                "flink.execution.checkpointing.dir",
                folder.resolve("checkpoints").toUri().toString());
        options.remove("flink.execution.checkpointing.savepoint-dir");
        options.put("kafka.bootstrap-servers", kafka.bootstrapServers());
        options.put("redis.host", redis.host());
        options.put("redis.port", String.valueOf(redis.port()));
        options.put("postgres.url", database.jdbcUrl());
        options.put("postgres.user", database.user());
        List<String> command =
                new ArrayList<>(
                        CandidateJvm.command(
                                List.of("-Xmx" + setting.heap(), "-XX:+UseG1GC"), BudgetJob.class));
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

    private long send(
            KafkaProcess kafka, RedisProcess redis, List<Campaign> campaigns, PauseWatch watch) {
        long sent = 0;
        try (RedisAdServer adServer =
                        new RedisAdServer(redis.host(), redis.port(), campaigns, out::println);
                KafkaProducer<byte[], byte[]> producer =
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
            Simulation simulation = new Simulation(options(Instant.now()), adServer);
            while (!over) {
                TrafficRecord record = simulation.next();
                long ahead = record.sentAt() - System.currentTimeMillis();
                if (ahead > 0) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ahead));
                }
                String campaign = isClick(record) ? record.campaignId() : null;
                long cost = record.costMicros();
                // What fails shows as a budget that is not used.
                var unused =
                        producer.send(
                                new ProducerRecord<>(
                                        Topics.AD_EVENTS, record.key(), record.value()),
                                (metadata, error) -> {
                                    if (campaign != null && error == null) {
                                        watch.appended(campaign, cost, metadata.timestamp());
                                    }
                                });
                sent++;
            }
        }
        return sent;
    }

    private static String key(String campaign) {
        return "campaign:" + campaign + ":status";
    }

    private static void awaitStatus(RedisProcess redis, String campaign, Process job)
            throws IOException {
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        try (Jedis jedis = redis.connect()) {
            while (!jedis.exists(key(campaign))) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("no status appears");
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

    private void report(List<PauseWatch.Outcome> outcomes, long sent) {
        out.printf(
                Locale.ROOT,
                "%,.0f events/s wanted, %,d sent in all; %s, parallelism %d; %d campaigns crossed"
                        + " 95 %%%n",
                setting.rate(),
                sent,
                setting.backend(),
                setting.parallelism(),
                outcomes.size());
        TextTable table =
                new TextTable(
                        "append of the crossing click to", "seen", "p50 ms", "p99 ms", "most");
        for (Place place : Place.values()) {
            long[] latencies =
                    outcomes.stream()
                            .map(outcome -> outcome.latencyMillis().get(place))
                            .filter(Objects::nonNull)
                            .mapToLong(Long::longValue)
                            .sorted()
                            .toArray();
            if (latencies.length == 0) {
                table.row(title(place), "0", "", "", "");
                continue;
            }
            table.row(
                    title(place),
                    String.valueOf(latencies.length),
                    String.valueOf(Medians.percentile(latencies, 0.5)),
                    String.valueOf(Medians.percentile(latencies, 0.99)),
                    String.valueOf(latencies[latencies.length - 1]));
        }
        out.println();
        out.print(table.render());
        out.println();
        out.print(overspend(outcomes).render());
    }

    private static TextTable overspend(List<PauseWatch.Outcome> outcomes) {
        TextTable table =
                new TextTable(
                        "spend beyond 95 %, with an ad server that obeys",
                        "mean", "median", "most");
        row(table, "% of the budget", outcomes, outcome -> 100 * outcome.overspend());
        row(
                table,
                "seconds of the campaign's spend before",
                outcomes,
                PauseWatch.Outcome::overspendSeconds);
        row(
                table,
                "% of a budget that lasts a day",
                outcomes,
                outcome -> 100 * outcome.overspendSeconds() / DAY_SECONDS);
        return table;
    }

    private static void row(
            TextTable table,
            String name,
            List<PauseWatch.Outcome> outcomes,
            ToDoubleFunction<PauseWatch.Outcome> measure) {
        double[] values = outcomes.stream().mapToDouble(measure).sorted().toArray();
        if (values.length > 0) {
            table.row(
                    name,
                    decimals(Arrays.stream(values).average().orElse(0)),
                    decimals(Medians.median(values)),
                    decimals(values[values.length - 1]));
        }
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String title(Place place) {
        return switch (place) {
            case REDIS -> "status in Redis";
            case TABLE -> "row of budget.campaigns";
            case RECORD -> "committed CAMPAIGN_PAUSED";
        };
    }
}
