package io.adstream.testing.flink;

import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.apache.flink.testutils.junit.SharedObjectsExtension;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Flink cluster in the test JVM, as a JUnit extension:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final FlinkCluster FLINK = FlinkCluster.with().taskManagers(2).stateBackend("rocksdb").build();
 *
 * StreamExecutionEnvironment env = FLINK.environment(2);
 * var rows = FLINK.collect(XPipeline.build(…), "rows");
 * RunningJob job = FLINK.start(env);
 * job.awaitRunning();
 * }</pre>
 *
 * <p>Jobs get what {@code conf/config.yaml} says of pipelines, checkpoints and state backends: no
 * generated uids, no Kryo, object reuse, 128 key groups. Tests differ in this: checkpoints every
 * 300 ms, restarts after 200 ms, state on the heap unless told otherwise. Jobs that still run after
 * a test are cancelled.
 */
public final class FlinkCluster
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    /** Key groups of every job, as {@code conf/config.yaml} has it. */
    public static final int MAX_PARALLELISM = 128;

    /** What tests take over from {@code conf/config.yaml}. */
    private static final List<String> TAKEN_OVER =
            List.of("pipeline.", "execution.checkpointing.", "state.backend.");

    private final int taskManagers;
    private final int slots;
    private final Map<String, String> options;
    private final SharedObjectsExtension sharedObjects = SharedObjectsExtension.create();
    private final InMemoryReporter metrics = InMemoryReporter.createWithRetainedMetrics();
    private final List<RunningJob> jobs = new ArrayList<>();
    private @Nullable MiniCluster cluster;
    private @Nullable Path folder;

    private FlinkCluster(Builder builder) {
        taskManagers = builder.taskManagers;
        slots = builder.slots;
        options = Map.copyOf(builder.options);
    }

    /** A cluster of one TaskManager with four slots, unless said otherwise. */
    public static Builder with() {
        return new Builder();
    }

    /** An environment for a job that begins without state. */
    public StreamExecutionEnvironment environment(int parallelism) {
        return environment(parallelism, Map.of());
    }

    /** An environment for a job that begins with the state of a savepoint or checkpoint. */
    public StreamExecutionEnvironment environmentFrom(String savepoint, int parallelism) {
        return environment(parallelism, Map.of("execution.state-recovery.path", savepoint));
    }

    /**
     * An environment whose jobs run on this cluster.
     *
     * @param extra Flink options that win over those of the cluster
     */
    public StreamExecutionEnvironment environment(int parallelism, Map<String, String> extra) {
        Configuration configuration = jobConfiguration();
        extra.forEach(configuration::setString);
        return new TestStreamEnvironment(
                miniCluster(), configuration, parallelism, List.of(), List.of());
    }

    /** Where its REST interface is, {@code http://host:port}. */
    public String restAddress() {
        try {
            return miniCluster().getRestAddress().get().toString();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the cluster has no REST interface", e);
        }
    }

    /** Starts the environment's job and returns at once. */
    public RunningJob start(StreamExecutionEnvironment environment) {
        return start(environment, "test");
    }

    /** Starts the environment's job and returns at once. */
    public RunningJob start(StreamExecutionEnvironment environment, String name) {
        JobClient client;
        try {
            client = environment.executeAsync(name);
        } catch (Exception e) {
            throw new IllegalStateException("the job cannot be started: " + e.getMessage(), e);
        }
        RunningJob job = new RunningJob(miniCluster(), client.getJobID(), folder(), metrics);
        jobs.add(job);
        return job;
    }

    /**
     * Starts a job that does nothing but run and checkpoint, for what looks at jobs from outside.
     */
    public RunningJob startIdle(String name) {
        StreamExecutionEnvironment environment = environment(1);
        environment
                .fromSource(
                        new DataGeneratorSource<>(
                                index -> index,
                                Long.MAX_VALUE,
                                RateLimiterStrategy.perSecond(1),
                                Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .uid("numbers")
                .sinkTo(new DiscardingSink<>())
                .name("nowhere")
                .uid("nowhere");
        return start(environment, name);
    }

    /**
     * Collects what a stream emits, each record as a copy of its own. After a failover records that
     * are emitted again are collected again; where a test must see each once, {@code
     * DataStream.collectAsync} of Flink does that. The sink has no state, so that a job restored
     * from a savepoint may collect anew.
     *
     * @param uid of the sink operator
     */
    public <T> Collected<T> collect(DataStream<T> stream, String uid) {
        Queue<T> queue = new ConcurrentLinkedQueue<>();
        stream.sinkTo(
                        new CollectSink<>(
                                sharedObjects.add(queue),
                                stream.getType()
                                        .createSerializer(
                                                stream.getExecutionConfig().getSerializerConfig())))
                .setParallelism(1)
                .name(uid)
                .uid(uid);
        return new Collected<>(queue);
    }

    /**
     * Ends a TaskManager in this JVM and waits until it is gone; its jobs fail over. Only a process
     * of its own can be killed harder.
     *
     * @param index counted from 0 in the order in which they started
     */
    public void endTaskManager(int index) {
        RunningJob.get(miniCluster().terminateTaskManager(index), "the end of a TaskManager");
    }

    /** Adds a TaskManager, in place of one that was ended. */
    public void startTaskManager() {
        try {
            miniCluster().startTaskManager();
        } catch (Exception e) {
            throw new IllegalStateException("no new TaskManager", e);
        }
    }

    /** The cluster itself, for what has no method here. */
    public MiniCluster miniCluster() {
        MiniCluster running = cluster;
        if (running == null) {
            throw new IllegalStateException(
                    "the cluster does not run; is it a static @RegisterExtension field?");
        }
        return running;
    }

    /** Folder of checkpoints and savepoints. */
    public Path folder() {
        Path made = folder;
        if (made == null) {
            throw new IllegalStateException("the cluster does not run");
        }
        return made;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        open();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        sharedObjects.beforeEach(context);
        if (cluster == null) {
            open();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        jobs.forEach(RunningJob::cancelIfRunning);
        jobs.clear();
        sharedObjects.afterEach(context);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        close();
    }

    /** Stops the cluster. */
    public void close() throws Exception {
        MiniCluster running = cluster;
        if (running != null) {
            running.close();
            cluster = null;
        }
        Path made = folder;
        if (made != null) {
            FileUtils.deleteDirectoryQuietly(made.toFile());
            folder = null;
        }
    }

    /** Starts the cluster where no test does, for a program of its own. */
    public void open() throws Exception {
        try {
            folder = Files.createTempDirectory("adstream-flink-");
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for the cluster", e);
        }
        Configuration configuration = jobConfiguration();
        configuration.setString("heartbeat.interval", "1 s");
        configuration.setString("heartbeat.timeout", "10 s");
        configuration.setString("web.checkpoints.history", "1000");
        metrics.addToConfiguration(configuration);
        MiniCluster starting =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(taskManagers)
                                .setNumSlotsPerTaskManager(slots)
                                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                                .withRandomPorts()
                                .build());
        starting.start();
        cluster = starting;
    }

    private Configuration jobConfiguration() {
        Configuration configuration = new Configuration();
        GlobalConfiguration.loadConfiguration(ProjectRoot.resolve("conf").toString())
                .toMap()
                .forEach(
                        (key, value) -> {
                            if (TAKEN_OVER.stream().anyMatch(key::startsWith)) {
                                configuration.setString(key, value);
                            }
                        });
        // Tests want checkpoints often and restarts at once.
        configuration.setString("execution.checkpointing.interval", "300 ms");
        configuration.setString("execution.checkpointing.min-pause", "0 ms");
        configuration.setString("execution.checkpointing.timeout", "5 min");
        configuration.setString(
                "execution.checkpointing.dir", folder().resolve("checkpoints").toUri().toString());
        configuration.setString(
                "execution.checkpointing.savepoint-dir",
                folder().resolve("savepoints").toUri().toString());
        configuration.setString("state.backend.type", "hashmap");
        configuration.setString("restart-strategy.type", "fixed-delay");
        configuration.setString("restart-strategy.fixed-delay.attempts", "50");
        configuration.setString("restart-strategy.fixed-delay.delay", "200 ms");
        options.forEach(configuration::setString);
        return configuration;
    }

    /** Describes a cluster. */
    public static final class Builder {
        private int taskManagers = 1;
        private int slots = 4;
        private final Map<String, String> options = new HashMap<>();

        private Builder() {}

        /** How many TaskManagers the cluster starts with. */
        public Builder taskManagers(int count) {
            taskManagers = count;
            return this;
        }

        /** Slots of each TaskManager. */
        public Builder slots(int perTaskManager) {
            slots = perTaskManager;
            return this;
        }

        /** {@code hashmap} or {@code rocksdb}. */
        public Builder stateBackend(String type) {
            return set("state.backend.type", type);
        }

        /** Time between two checkpoints of a job. */
        public Builder checkpointInterval(Duration interval) {
            return set("execution.checkpointing.interval", interval.toMillis() + " ms");
        }

        /** Fails a job for good at its first failure. */
        public Builder withoutRestarts() {
            return set("restart-strategy.type", "none");
        }

        /** Any other Flink option. */
        public Builder set(String key, String value) {
            options.put(key, value);
            return this;
        }

        /** The extension; the cluster itself starts with the test class. */
        public FlinkCluster build() {
            return new FlinkCluster(this);
        }
    }
}
