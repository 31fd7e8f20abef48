package io.adstream.common.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RedisEpochsITCase {

    @TempDir private Path folder;

    @Test
    void theIdentityIsUnknownWhileTheServerIsAwayAndAnotherAfterARestart() {
        try (RedisProcess server = RedisServer.start(folder);
                RedisServerIdentity identity = new RedisServerIdentity(config(server))) {
            String first = identity.runId();
            assertThat(first).hasSize(40);
            assertThat(identity.runId()).isEqualTo(first);

            server.kill();
            assertThat(identity.runId()).isNull();
            assertThat(identity.runId()).isNull();

            server.start();
            assertThat(identity.runId()).hasSize(40).isNotEqualTo(first);
        }
    }

    @Test
    @Timeout(60)
    void theSourceGoesOnWhileTheServerIsAway() throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        try (RedisProcess server = RedisServer.start(folder);
                CloseableIterator<String> epochs =
                        env.fromSource(
                                        RedisEpochs.source(config(server), Duration.ofMillis(20)),
                                        WatermarkStrategy.noWatermarks(),
                                        "redis-epochs")
                                .executeAndCollect()) {
            String first = epochs.next();
            assertThat(first).hasSize(40);
            server.kill();
            assertThat(epochs.next()).isEqualTo(first);
            server.start();

            String second = epochs.next();
            while (second.equals(first)) {
                second = epochs.next();
            }
            assertThat(second).hasSize(40);
        }
    }

    private static RedisConnectionConfig config(RedisServer server) {
        return RedisConnectionConfig.of(server.host(), server.port());
    }
}
