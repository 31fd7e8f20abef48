package io.adstream.common.kafka;

import io.adstream.common.config.ConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/**
 * Holds the topics of a Kafka against their declaration, and brings them in line as far as that
 * loses nothing.
 */
public final class TopicAdmin implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Admin admin;
    private final String servers;
    private final String prefix;

    private TopicAdmin(Admin admin, String servers, String prefix) {
        this.admin = admin;
        this.servers = servers;
        this.prefix = prefix;
    }

    /**
     * Connects.
     *
     * @param client properties of the admin client, {@code bootstrap.servers} among them
     * @param prefix text before every topic name, possibly empty
     * @throws ConfigException where the properties are no valid client properties
     */
    public static TopicAdmin connect(Properties client, String prefix) {
        Properties properties = new Properties();
        String patience = String.valueOf(PATIENCE.toMillis());
        properties.setProperty(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patience);
        properties.setProperty(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        properties.putAll(client);
        String servers =
                properties.getProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "(no address)");
        try {
            return new TopicAdmin(Admin.create(properties), servers, prefix);
        } catch (org.apache.kafka.common.KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ConfigException(
                    "No connection to Kafka at " + servers + ": " + cause.getMessage(), e);
        }
    }

    /** What differs from the declaration; empty where all is as declared. Changes nothing. */
    public List<TopicDifference> check(Topics topics, int replication) {
        Map<String, TopicDescription> existing = describe(topics);
        Map<String, Map<String, String>> configs = configs(existing.keySet());
        List<TopicDifference> differences = new ArrayList<>();
        for (TopicSpec topic : topics.all()) {
            String name = prefix + topic.name();
            TopicDescription description = existing.get(name);
            if (description == null) {
                differences.add(TopicDifference.missing(name));
                continue;
            }
            int partitions = description.partitions().size();
            if (partitions != topic.partitions()) {
                differences.add(TopicDifference.partitions(name, topic.partitions(), partitions));
            }
            int replicas = description.partitions().get(0).replicas().size();
            if (replicas != replication) {
                differences.add(TopicDifference.replication(name, replication, replicas));
            }
            topic.brokerConfig(topics.minInsyncReplicas(replication))
                    .forEach(
                            (key, wanted) -> {
                                String actual = configs.get(name).get(key);
                                if (!wanted.equals(actual)) {
                                    differences.add(
                                            TopicDifference.setting(name, key, wanted, actual));
                                }
                            });
        }
        return differences;
    }

    /**
     * Creates the topics that are missing, adds partitions, and alters settings; returns once the
     * broker shows it.
     *
     * @return what differed; what {@link TopicDifference#isApplied} says is put right, the rest
     *     differs still since no change would be safe
     * @throws ConfigException where the broker refuses or does not answer
     */
    public List<TopicDifference> apply(Topics topics, int replication) {
        List<TopicDifference> found = check(topics, replication);
        List<TopicDifference> open = found;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (open.stream().anyMatch(TopicDifference::isApplied)) {
            if (System.nanoTime() > deadline) {
                throw new ConfigException(
                        "Kafka at "
                                + servers
                                + " took the changes but does not show them: "
                                + open.stream()
                                        .map(TopicDifference::describe)
                                        .collect(Collectors.joining("; ")));
            }
            change(topics, replication, open);
            // A broker learns from its controller with a delay what was changed.
            pause();
            open = check(topics, replication);
        }
        return found;
    }

    private void change(Topics topics, int replication, List<TopicDifference> differences) {
        List<NewTopic> missing = new ArrayList<>();
        Map<String, NewPartitions> partitions = new HashMap<>();
        Map<ConfigResource, Collection<AlterConfigOp>> settings = new LinkedHashMap<>();
        for (TopicDifference difference : differences) {
            String name = difference.topic();
            TopicSpec topic = topics.get(name.substring(prefix.length()));
            switch (difference.kind()) {
                case MISSING ->
                        missing.add(
                                new NewTopic(name, topic.partitions(), (short) replication)
                                        .configs(
                                                topic.brokerConfig(
                                                        topics.minInsyncReplicas(replication))));
                case TOO_FEW_PARTITIONS ->
                        partitions.put(name, NewPartitions.increaseTo(topic.partitions()));
                case SETTING ->
                        settings.computeIfAbsent(
                                        new ConfigResource(ConfigResource.Type.TOPIC, name),
                                        resource -> new ArrayList<>())
                                .add(
                                        new AlterConfigOp(
                                                new ConfigEntry(
                                                        difference.setting(), difference.wanted()),
                                                AlterConfigOp.OpType.SET));
                case TOO_MANY_PARTITIONS, REPLICATION -> {}
            }
        }
        for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
            await(created, TopicExistsException.class);
        }
        for (KafkaFuture<Void> added : admin.createPartitions(partitions).values().values()) {
            await(added, InvalidPartitionsException.class);
        }
        if (!settings.isEmpty()) {
            await(admin.incrementalAlterConfigs(settings).all());
        }
    }

    private Map<String, TopicDescription> describe(Topics topics) {
        Set<String> existing = await(admin.listTopics().names());
        Set<String> wanted =
                topics.all().stream()
                        .map(topic -> prefix + topic.name())
                        .filter(existing::contains)
                        .collect(Collectors.toSet());
        return await(admin.describeTopics(wanted).allTopicNames());
    }

    private Map<String, Map<String, String>> configs(Collection<String> names) {
        List<ConfigResource> resources =
                names.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList();
        Map<String, Map<String, String>> byTopic = new HashMap<>();
        for (Map.Entry<ConfigResource, Config> entry :
                await(admin.describeConfigs(resources).all()).entrySet()) {
            Map<String, String> settings = new HashMap<>();
            entry.getValue().entries().forEach(item -> settings.put(item.name(), item.value()));
            byTopic.put(entry.getKey().name(), settings);
        }
        return byTopic;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigException("Interrupted while waiting for Kafka", e);
        }
    }

    /** Waits; a refusal of this kind means that the change was there already. */
    private void await(KafkaFuture<Void> future, Class<? extends ApiException> done) {
        try {
            await(future);
        } catch (ConfigException e) {
            if (e.getCause() == null || !done.isInstance(e.getCause().getCause())) {
                throw e;
            }
        }
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigException("Interrupted while waiting for Kafka at " + servers, e);
        } catch (ExecutionException e) {
            @Nullable Throwable cause = e.getCause();
            if (cause instanceof TimeoutException) {
                throw new ConfigException(
                        "Kafka at "
                                + servers
                                + " did not answer in time; check that the broker runs and that the"
                                + " address is right",
                        e);
            }
            throw new ConfigException(
                    "Kafka at "
                            + servers
                            + " refused: "
                            + (cause == null ? e.getMessage() : cause.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
