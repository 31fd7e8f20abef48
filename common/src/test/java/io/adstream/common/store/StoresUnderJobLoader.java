package io.adstream.common.store;

import io.adstream.common.postgres.PostgresConnectionConfig;
import io.adstream.common.postgres.PostgresSink;
import io.adstream.common.postgres.PostgresTable;
import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisServerIdentity;
import io.adstream.common.redis.RedisSink;
import io.adstream.common.redis.WindowHashScripts;
import java.util.List;
import org.apache.flink.api.connector.sink2.SinkWriter;

/** What a job does with its stores, to be run with the class loader of a job. */
public final class StoresUnderJobLoader {

    private StoresUnderJobLoader() {}

    /** Writes to both stores and closes the writers. */
    public static void run(
            String redisHost, int redisPort, String url, String user, String password)
            throws Exception {
        RedisConnectionConfig redis = RedisConnectionConfig.of(redisHost, redisPort);
        RedisSink<String> hashes =
                new RedisSink<>(
                        redis, (key, out) -> out.accept(WindowHashScripts.remove(key, 0, "0")));
        PostgresTable<String> table =
                PostgresTable.<String>named("realtime.progress")
                        .text("job", job -> job)
                        .computed("updated_at", "now()")
                        .key(job -> job, "job")
                        .build();
        PostgresSink<String> rows =
                new PostgresSink<>(new PostgresConnectionConfig(url, user, password), table);
        TestWriterContext context = new TestWriterContext();
        for (SinkWriter<String> writer :
                List.of(hashes.createWriter(context), rows.createWriter(context))) {
            writer.write("a-job", TestWriterContext.NO_TIME);
            writer.flush(false);
            writer.close();
        }
        try (RedisServerIdentity identity = new RedisServerIdentity(redis)) {
            if (identity.runId() == null) {
                throw new IllegalStateException("Redis does not answer");
            }
        }
    }
}
