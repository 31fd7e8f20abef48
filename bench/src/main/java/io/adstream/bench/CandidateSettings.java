package io.adstream.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;

/**
 * What the JVM of a candidate is told when it starts.
 *
 * @param backend {@code hashmap} or {@code rocksdb}
 * @param checkpointSeconds time between two checkpoints
 * @param folder where checkpoints and local state go
 * @param engine Flink options of {@code conf/config.yaml} that concern a job
 */
public record CandidateSettings(
        Candidate candidate,
        String backend,
        int parallelism,
        String bootstrapServers,
        String redisHost,
        int redisPort,
        int checkpointSeconds,
        String folder,
        Map<String, String> engine) {

    /** Flink's settings: those of production where they concern a job, the same for all. */
    Configuration flink() {
        Map<String, String> options = new HashMap<>(engine);
        Path base = Path.of(folder);
        options.put("state.backend.type", backend);
        options.put("parallelism.default", String.valueOf(parallelism));
        options.put("taskmanager.numberOfTaskSlots", String.valueOf(parallelism));
        options.put("taskmanager.memory.managed.size", "1g");
        options.put("execution.checkpointing.interval", checkpointSeconds + " s");
        options.put("execution.checkpointing.dir", base.resolve("checkpoints").toUri().toString());
        options.put(
                "execution.checkpointing.savepoint-dir",
                base.resolve("savepoints").toUri().toString());
        options.put(
                "execution.checkpointing.externalized-checkpoint-retention",
                "DELETE_ON_CANCELLATION");
        options.put("io.tmp.dirs", base.resolve("tmp").toString());
        options.put("restart-strategy.type", "none");
        options.put("rest.port", "0");
        return Configuration.fromMap(options);
    }

    /** The same for a planner that makes the operators' ids itself. */
    CandidateSettings withGeneratedIds() {
        Map<String, String> options = new HashMap<>(engine);
        options.remove("pipeline.auto-generate-uids");
        return new CandidateSettings(
                candidate,
                backend,
                parallelism,
                bootstrapServers,
                redisHost,
                redisPort,
                checkpointSeconds,
                folder,
                options);
    }
}
