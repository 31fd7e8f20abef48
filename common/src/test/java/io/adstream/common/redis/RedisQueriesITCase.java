package io.adstream.common.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ClientKillParams;

class RedisQueriesITCase {

    private static final RedisScript APPEND =
            new RedisScript("append", "return redis.call('APPEND', KEYS[1], ARGV[1])");
    private static final List<RedisWrite> QUERY =
            List.of(new RedisWrite(APPEND, "text", 0, 0, new byte[][] {"a".getBytes(UTF_8)}));

    @TempDir private Path folder;

    private RedisProcess server;
    private RedisQueries queries;

    @BeforeEach
    void connect() throws Exception {
        server = RedisServer.start(folder);
        queries =
                new RedisQueries(
                        RedisConnectionConfig.of(server.host(), server.port()), "test-watch");
        assertThat(queries.run(QUERY)).containsExactly(1L);
    }

    @AfterEach
    void close() {
        queries.close();
        server.close();
    }

    @Test
    void readsOverAnotherConnectionWhereTheOneFromBeforeHasEnded() throws Exception {
        server.kill();
        assertThatThrownBy(() -> queries.read(QUERY)).isInstanceOf(IOException.class);
        server.start();
        assertThat(queries.read(QUERY)).containsExactly(1L);

        server.kill();
        server.start();
        assertThat(queries.read(QUERY)).as("nobody has noticed").containsExactly(1L);

        try (Jedis client = server.connect()) {
            client.clientKill(new ClientKillParams().skipMe(ClientKillParams.SkipMe.YES));
        }
        assertThat(queries.read(QUERY)).as("an idle connection was ended").containsExactly(2L);
    }

    @Test
    void runsNothingAgainThatMayHaveRun() throws Exception {
        server.kill();
        server.start();

        assertThatThrownBy(() -> queries.run(QUERY)).isInstanceOf(IOException.class);
        assertThat(queries.run(QUERY)).containsExactly(1L);
    }
}
