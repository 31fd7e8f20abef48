package io.adstream.bench.anomaly;

import io.adstream.anomaly.AnomalyJob;
import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.anomaly.rule.RuleRecord;
import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.KafkaProcess;
import io.adstream.testing.services.PostgresProcess;
import io.adstream.testing.services.PostgresServer;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.TestDatabase;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.util.FileUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XReadParams;

/**
 * From the 101st click of a device to its alert, in Redis and on the topic, with the whole job; and
 * from a record of topic {@code control} to the last click that is still judged by the version
 * before it, whatever subtask it goes to.
 */
final class FloodLatency {

    private static final int CHECKPOINT_SECONDS = 5;

    /** Within what time a new version must be in force. */
    private static final double RULE_MILLIS = 2000;

    private static final Duration WARM_UP = Duration.ofSeconds(20);

    private final int floods;
    private final int rate;
    private final PrintStream out;
    private final Map<String, Long> sent = new ConcurrentHashMap<>();
    private final Map<String, Long> inRedis = new ConcurrentHashMap<>();
    private final Map<String, Long> onTopic = new ConcurrentHashMap<>();
    private final Map<String, Integer> versionOf = new ConcurrentHashMap<>();

    /** When each version of the rule was sent: nanoseconds by version. */
    private final TreeMap<Integer, Long> versions = new TreeMap<>();

    private final AtomicBoolean over = new AtomicBoolean();

    FloodLatency(int floods, int rate, PrintStream out) {
        this.floods = floods;
        this.rate = rate;
        this.out = out;
    }

    boolean measure() throws Exception {
        Path folder = Files.createTempDirectory("adstream-anomaly-");
        try (KafkaProcess kafka = KafkaBroker.start(folder.resolve("kafka"));
                RedisProcess redis = RedisServer.start(folder.resolve("redis"));
                PostgresProcess postgres = PostgresServer.start(folder.resolve("postgres"))) {
            Map<String, String> appendTime = Map.of("message.timestamp.type", "LogAppendTime");
            for (String topic :
                    List.of(
                            "ad-events",
                            "quality-score-updates",
                            "alerts",
                            "control",
                            "control.dlq")) {
                kafka.createTopicNamed(topic, topic.equals("control") ? 1 : 4, appendTime);
            }
            start(kafka, redis, postgres.newDatabase(), folder);
            Thread redisReader = thread("redis-reader", () -> readRedis(redis));
            Thread topicReader = thread("topic-reader", () -> readTopic(kafka));
            send(kafka);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (onTopic.size() < sent.size() && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
            over.set(true);
            redisReader.join();
            topicReader.join();
        } finally {
            FileUtils.deleteDirectoryQuietly(folder.toFile());
        }
        return report();
    }

    /** The job in this JVM, by its own main. */
    private static void start(
            KafkaProcess kafka, RedisProcess redis, TestDatabase database, Path folder)
            throws Exception {
        Path password = Files.writeString(folder.resolve("password"), database.password());
        Path none = Files.createDirectories(folder.resolve("conf"));
        String[] arguments = {
            "--kafka.bootstrap-servers", kafka.bootstrapServers(),
            "--redis.host", redis.host(),
            "--redis.port", String.valueOf(redis.port()),
            "--postgres.url", database.jdbcUrl(),
            "--postgres.user", database.user(),
            "--postgres.password-file", password.toString(),
            "--flink.execution.checkpointing.interval", CHECKPOINT_SECONDS + " s",
            "--flink.execution.checkpointing.dir", none.toUri().toString(),
            "--flink.execution.buffer-timeout.interval", "10 ms",
            "--flink.pipeline.object-reuse", "true",
            "--flink.pipeline.max-parallelism", "128",
            "--flink.parallelism.default", "2",
        };
        thread("anomaly-job", () -> AnomalyJob.main(arguments));
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Thread thread(String name, Work work) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (Exception e) {
                                throw new IllegalStateException(name + " failed", e);
                            }
                        },
                        name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void send(KafkaProcess kafka) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", kafka.bootstrapServers());
        properties.setProperty("linger.ms", "0");
        properties.setProperty("acks", "1");
        Draws draws = new Draws(1);
        try (var producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            long id = 0;
            long begin = System.nanoTime();
            long due = 0;
            int flood = 0;
            int interval = Math.max(1, rate / 10);
            while (flood < floods) {
                boolean warm = System.nanoTime() - begin > WARM_UP.toNanos();
                for (; due < (System.nanoTime() - begin) * rate / 1e9; due++) {
                    send(producer, "e" + id++, "d-" + draws.below(100_000));
                    if (warm && draws.below(2 * rate) == 0) {
                        changeRule(producer);
                    }
                    if (warm && due % interval == 0 && flood < floods) {
                        String device = "flood-" + flood++;
                        for (int i = 0; i < 101; i++) {
                            send(producer, "e" + id++, device);
                        }
                        sent.put(device, System.nanoTime());
                    }
                }
                producer.flush();
                TimeUnit.MILLISECONDS.sleep(2);
            }
            // Time has to go on for the checkpoint that holds the last floods.
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2L * CHECKPOINT_SECONDS);
            while (System.nanoTime() - until < 0) {
                send(producer, "e" + id++, "d-" + draws.below(100_000));
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String id, String device) {
        AdEventJson click = AdEventJson.click(id).device(device).at(Instant.now());
        // An advertiser per device: what is measured is no storm.
        var unused =
                producer.send(
                        new ProducerRecord<>(
                                "ad-events",
                                device.getBytes(StandardCharsets.UTF_8),
                                click.advertiser("adv-" + device).json()));
    }

    /** The same rule once more, as a new version: alerts say by which they were found. */
    private void changeRule(KafkaProducer<byte[], byte[]> producer) {
        int version = 2 + versions.size();
        versions.put(version, System.nanoTime());
        Rule rule =
                new Rule(
                        RuleId.CLICK_FLOOD.id(),
                        version,
                        Rule.Scope.GLOBAL,
                        "",
                        Map.of(),
                        Rule.State.ACTIVE,
                        null);
        var unused =
                producer.send(
                        new ProducerRecord<>(
                                "control",
                                rule.key().getBytes(StandardCharsets.UTF_8),
                                RuleRecord.value(rule).getBytes(StandardCharsets.UTF_8)));
    }

    private void readRedis(RedisProcess redis) {
        try (Jedis client = redis.connect()) {
            StreamEntryID last = new StreamEntryID(0, 0);
            while (!over.get()) {
                var read =
                        client.xread(
                                XReadParams.xReadParams().block(200).count(1000),
                                Map.of("alerts:recent", last));
                long now = System.nanoTime();
                if (read == null) {
                    continue;
                }
                for (var stream : read) {
                    for (var entry : stream.getValue()) {
                        last = entry.getID();
                        if (entry.getFields().get("status").equals("OPEN")) {
                            String device = entry.getFields().get("entity_id");
                            inRedis.putIfAbsent(device, now);
                            versionOf.putIfAbsent(
                                    device, Integer.valueOf(entry.getFields().get("rule_version")));
                        }
                    }
                }
            }
        }
    }

    private void readTopic(KafkaProcess kafka) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.put("group.id", "bench");
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        try (var consumer =
                new KafkaConsumer<>(
                        properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("alerts"));
            while (!over.get()) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(50))) {
                    long now = System.nanoTime();
                    String value = record.value();
                    int at = value.indexOf("\"entity_id\":\"");
                    if (at >= 0 && value.contains("\"status\":\"OPEN\"")) {
                        int from = at + 13;
                        onTopic.putIfAbsent(value.substring(from, value.indexOf('"', from)), now);
                    }
                }
            }
        }
    }

    private boolean report() {
        out.printf(
                Locale.ROOT,
                "live, %,d events/s, checkpoints every %d s, %d floods:%n",
                rate,
                CHECKPOINT_SECONDS,
                sent.size());
        boolean redis = print("101st click sent to alerts:recent", inRedis, 0);
        boolean topic = print("101st click sent to topic alerts", onTopic, CHECKPOINT_SECONDS);
        return printRuleChanges() && redis && topic;
    }

    /** How long after a new version was sent clicks were sent that were judged by an older one. */
    private boolean printRuleChanges() {
        double most = 0;
        int stale = 0;
        for (Map.Entry<String, Integer> judged : versionOf.entrySet()) {
            Map.Entry<Integer, Long> newer = versions.higherEntry(judged.getValue());
            Long at = sent.get(judged.getKey());
            if (newer != null && at != null && at > newer.getValue()) {
                stale++;
                most = Math.max(most, (at - newer.getValue()) / 1e6);
            }
        }
        out.printf(
                Locale.ROOT,
                "rule changed %d times: of %d floods %d were sent after a change and judged by the"
                        + " version before it, the last of them %.0f ms after%n",
                versions.size(),
                versionOf.size(),
                stale,
                most);
        return most < RULE_MILLIS;
    }

    private boolean print(String what, Map<String, Long> seen, int interval) {
        List<Double> millis = new ArrayList<>();
        sent.forEach(
                (device, at) -> {
                    Long found = seen.get(device);
                    if (found != null) {
                        millis.add((found - at) / 1e6);
                    }
                });
        if (millis.isEmpty()) {
            out.println(what + ": none seen");
            return false;
        }
        millis.sort(null);
        double p99 = millis.get((int) Math.ceil(0.99 * millis.size()) - 1);
        out.printf(
                Locale.ROOT,
                "%s: %d of %d seen, p50 %.0f ms, p99 %.0f ms, most %.0f ms%n",
                what,
                millis.size(),
                sent.size(),
                millis.get(millis.size() / 2),
                p99,
                millis.get(millis.size() - 1));
        return millis.size() == sent.size() && p99 < 1000 * (interval + 1);
    }
}
