package io.adstream.local.flink;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job is started with on one machine: the addresses of the services, and what the user chose
 * for it.
 *
 * @param kafka {@code host:port} of the broker
 * @param redisPort port of Redis on loopback
 * @param postgresUrl URL of the database, without credentials
 * @param postgresUser the database's user
 * @param postgresPasswordFile the file with the user's password
 * @param parallelism what the user asked for; null for what the configuration says
 * @param stateBackend what the user asked for; null for what the configuration says
 */
public record JobArguments(
        String kafka,
        int redisPort,
        String postgresUrl,
        String postgresUser,
        Path postgresPasswordFile,
        @Nullable Integer parallelism,
        @Nullable String stateBackend) {

    /** The arguments of the job's {@code main}; they win over {@code conf/<job>.yaml}. */
    public List<String> toList(Path checkpoints, Path savepoints) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--kafka.bootstrap-servers",
                                kafka,
                                "--redis.host",
                                "127.0.0.1",
                                "--redis.port",
                                String.valueOf(redisPort),
                                "--postgres.url",
                                postgresUrl,
                                "--postgres.user",
                                postgresUser,
                                "--postgres.password-file",
                                postgresPasswordFile.toString(),
                                "--flink.execution.checkpointing.dir",
                                FlinkPaths.uri(checkpoints),
                                "--flink.execution.checkpointing.savepoint-dir",
                                FlinkPaths.uri(savepoints)));
        if (parallelism != null) {
            arguments.addAll(List.of("--flink.parallelism.default", parallelism.toString()));
        }
        if (stateBackend != null) {
            arguments.addAll(List.of("--flink.state.backend.type", stateBackend));
        }
        return arguments;
    }

    /** The same with another parallelism. */
    public JobArguments withParallelism(int other) {
        return new JobArguments(
                kafka,
                redisPort,
                postgresUrl,
                postgresUser,
                postgresPasswordFile,
                other,
                stateBackend);
    }
}
