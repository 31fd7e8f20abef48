package io.adstream.common.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.flink.Collected;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class RedisIdentitiesITCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().build();

    private static final Duration PATIENCE = Duration.ofMinutes(5);

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
    void anInterruptEndsTheWaitingForAServerThatHangs() throws Exception {
        try (RedisProcess server = RedisServer.start(folder);
                RedisServerIdentity identity =
                        new RedisServerIdentity(config(server).withTimeout(PATIENCE))) {
            assertThat(identity.runId()).isNotNull();
            server.pause();
            AtomicReference<String> answer = new AtomicReference<>("none yet");
            Thread asking = new Thread(() -> answer.set(identity.runId()));
            asking.start();

            asking.interrupt();
            asking.join(PATIENCE.toMillis() / 2);
            assertThat(asking.isAlive()).isFalse();
            assertThat(answer).hasNullValue();
            server.resume();
        }
    }

    @Test
    void theStreamGoesOnWhileTheServerIsAway() {
        try (RedisProcess server = RedisServer.start(folder)) {
            StreamExecutionEnvironment environment = FLINK.environment(1);
            Collected<String> identities =
                    FLINK.collect(
                            RedisIdentities.stream(environment, config(server)), "identities");
            RunningJob job = FLINK.start(environment);
            // It is told again, also where it is the same.
            String first = identities.awaitCount(2).get(0);

            server.kill();
            job.awaitCheckpoints(3);
            server.start();
            List<String> all =
                    identities.awaitUntil(seen -> !seen.get(seen.size() - 1).equals(first));

            assertThat(all).allMatch(identity -> identity.length() == 40);
            assertThat(all.stream().distinct()).hasSize(2);
            assertThat(job.restarts()).isZero();
        }
    }

    @Test
    void aServerThatIsAwayAtTheStartDelaysNothing() {
        try (RedisProcess server = RedisServer.start(folder)) {
            server.kill();
            StreamExecutionEnvironment environment = FLINK.environment(1);
            Collected<String> elements =
                    FLINK.collect(
                            environment
                                    .fromData("event")
                                    .uid("events")
                                    .union(RedisIdentities.stream(environment, config(server))),
                            "elements");
            RunningJob job = FLINK.start(environment).awaitRunning();
            job.awaitCheckpoints(3);
            assertThat(elements.awaitCount(1)).containsExactly("event");

            server.start();
            assertThat(elements.awaitCount(2).get(1)).hasSize(40);
            assertThat(job.restarts()).isZero();
        }
    }

    @Test
    void aServerThatDoesNotAnswerHoldsUpNoCheckpoint() {
        try (RedisProcess server = RedisServer.start(folder)) {
            server.pause();
            StreamExecutionEnvironment environment = FLINK.environment(1);
            Collected<String> identities =
                    FLINK.collect(
                            RedisIdentities.stream(
                                    environment, config(server).withTimeout(PATIENCE)),
                            "identities");
            RunningJob job = FLINK.start(environment).awaitRunning();
            job.awaitCheckpoints(3);
            assertThat(identities.records()).isEmpty();

            server.resume();
            assertThat(identities.awaitCount(1).get(0)).hasSize(40);
            assertThat(job.restarts()).isZero();
        }
    }

    private static RedisConnectionConfig config(RedisServer server) {
        return RedisConnectionConfig.of(server.host(), server.port());
    }
}
