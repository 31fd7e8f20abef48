package io.adstream.dashboard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.dashboard.DashboardConfig;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

class RedisStoreITCase {

    private static final int AT_ONCE = 8;

    @TempDir private Path folder;

    @Test
    void connectionsToAServerThatWasStartedAgainAreNotTakenForAnOutage() throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(AT_ONCE);
        try (RedisProcess server = RedisServer.start(folder);
                ServiceWatch watch = new ServiceWatch();
                RedisStore store = new RedisStore(config(server), watch)) {
            readAtOnce(store, readers);

            server.kill();
            server.start();
            try (Jedis client = server.connect()) {
                client.hset("h", "field", "2");
            }
            assertThat(store.hashes(List.of("h", "none")))
                    .containsExactly(Map.of("field", "2"), Map.of());
            readAtOnce(store, readers);

            server.kill();
            assertThatThrownBy(() -> store.hashes(List.of("h")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Redis is away");
        } finally {
            readers.shutdownNow();
        }
    }

    /** So that as many connections are open as there are readers. */
    private static void readAtOnce(RedisStore store, ExecutorService readers) throws Exception {
        CountDownLatch ready = new CountDownLatch(AT_ONCE);
        List<? extends Future<?>> reads =
                IntStream.range(0, AT_ONCE)
                        .mapToObj(
                                i ->
                                        readers.submit(
                                                () -> {
                                                    ready.countDown();
                                                    ready.await();
                                                    return store.hashes(List.of("h"));
                                                }))
                        .toList();
        for (Future<?> read : reads) {
            read.get();
        }
    }

    private static DashboardConfig.Redis config(RedisServer server) {
        return new DashboardConfig.Redis(
                server.host(), server.port(), 0, null, null, false, Duration.ofSeconds(2));
    }
}
