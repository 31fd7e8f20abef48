package io.adstream.testing.services;

import java.nio.file.Path;
import redis.clients.jedis.Jedis;

/** A Redis server. */
public interface RedisServer extends TestService {

    /** A new connection; the caller closes it. */
    default Jedis connect() {
        return new Jedis(host(), port(), 10_000);
    }

    /** {@code redis://host:port}. */
    default String uri() {
        return "redis://" + host() + ":" + port();
    }

    /** Empties every database. */
    default void flush() {
        try (Jedis redis = connect()) {
            redis.flushAll();
        }
    }

    /**
     * Starts a server of the test's own, to be harmed freely.
     *
     * @param folder where it works and stores; it persists nothing unless told
     * @param extraArguments as on the command line, for example {@code "--maxmemory", "10mb"}
     */
    static RedisProcess start(Path folder, String... extraArguments) {
        return RedisProcess.in(folder, extraArguments);
    }
}
