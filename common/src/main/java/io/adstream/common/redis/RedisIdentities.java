package io.adstream.common.redis;

import io.adstream.common.store.PolledSource;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Watches which Redis it is: a stream of the server's {@code run_id}. A change means a server that
 * was started anew and may have come back empty.
 */
public final class RedisIdentities {

    private static final String NAME = "redis-identities";

    /** From one answer of the server to the next question. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private RedisIdentities() {}

    /**
     * The {@code run_id} about once a second, each time the server answers, and nothing while it is
     * away. The elements have no timestamps and the stream has no watermarks. A question that is
     * not answered holds up no checkpoint.
     *
     * @return the stream of a source with the uid {@code redis-identities} and parallelism 1
     */
    public static DataStream<String> stream(
            StreamExecutionEnvironment environment, RedisConnectionConfig config) {
        return environment
                .fromSource(
                        new PolledSource<>(NAME, new Poll(config), INTERVAL),
                        WatermarkStrategy.noWatermarks(),
                        NAME,
                        Types.STRING)
                .uid(NAME)
                .setParallelism(1);
    }

    private record Poll(RedisConnectionConfig config) implements PolledSource.Poll<String> {

        @Override
        public PolledSource.Session<String> open() {
            RedisServerIdentity server = new RedisServerIdentity(config);
            return new PolledSource.Session<>() {
                @Override
                public List<String> poll() {
                    String runId = server.runId();
                    return runId == null ? List.of() : List.of(runId);
                }

                @Override
                public void close() {
                    server.close();
                }
            };
        }
    }
}
