package io.adstream.dashboard.store;

import io.adstream.common.config.Secret;
import io.adstream.dashboard.DashboardConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;
import redis.clients.jedis.resps.StreamEntry;

/** Reads Redis. */
public final class RedisStore implements AutoCloseable {

    private static final int CONNECTIONS = 10;
    private static final int BATCH = 1_000;

    /** What a server says that is there but cannot serve yet. */
    private static final Pattern NOT_YET = Pattern.compile("^(LOADING|MASTERDOWN|BUSY)\\b.*");

    private final RedisClient client;
    private final ServiceWatch watch;
    private final Duration timeout;

    public RedisStore(DashboardConfig.Redis config, ServiceWatch watch) {
        this.watch = watch;
        this.timeout = config.timeout();
        int millis = Math.toIntExact(timeout.toMillis());
        DefaultJedisClientConfig.Builder settings =
                DefaultJedisClientConfig.builder()
                        .protocol(RedisProtocol.RESP2)
                        .autoNegotiateProtocol(false)
                        .connectionTimeoutMillis(millis)
                        .socketTimeoutMillis(millis)
                        .database(config.database())
                        .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
        if (config.tls()) {
            settings.sslOptions(SslOptions.defaults());
        }
        Secret password = config.password();
        if (password != null) {
            settings.user(config.user()).password(password.reveal());
        }
        GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
        pool.setJmxEnabled(false);
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMaxWait(timeout);
        this.client =
                RedisClient.builder()
                        .hostAndPort(config.host(), config.port())
                        .clientConfig(settings.build())
                        .poolConfig(pool)
                        .build();
    }

    /** Asks whether Redis is there. */
    public void probe() {
        call(RedisClient::ping);
    }

    /** The hashes at these keys, in order; an absent one is empty. */
    public List<Map<String, String>> hashes(List<String> keys) {
        watch.require(Service.REDIS);
        List<Map<String, String>> hashes = new ArrayList<>(keys.size());
        for (int from = 0; from < keys.size(); from += BATCH) {
            List<String> batch = keys.subList(from, Math.min(keys.size(), from + BATCH));
            hashes.addAll(call(redis -> batch(redis, batch)));
        }
        return hashes;
    }

    private static List<Map<String, String>> batch(RedisClient redis, List<String> keys) {
        List<Response<Map<String, String>>> replies = new ArrayList<>(keys.size());
        try (Pipeline pipeline = redis.pipelined()) {
            keys.forEach(key -> replies.add(pipeline.hgetAll(key)));
        }
        return replies.stream().map(Response::get).toList();
    }

    /** The newest entries of a stream, the newest first. */
    public List<StreamEntry> newest(String stream, int count) {
        watch.require(Service.REDIS);
        return call(redis -> redis.xrevrange(stream, "+", "-", count));
    }

    /**
     * One step through all keys.
     *
     * @param cursor {@code "0"} to begin with
     * @param pattern of the keys; what it says letter for letter is made by {@link #literally}
     * @param count how many keys are looked at, about
     */
    public ScanResult<String> scan(String cursor, String pattern, int count) {
        watch.require(Service.REDIS);
        ScanParams params = new ScanParams().match(pattern).count(count);
        return call(redis -> redis.scan(cursor, params));
    }

    /** A pattern that means the text itself. */
    public static String literally(String text) {
        return text.replaceAll("([\\\\*?\\[\\]^-])", "\\\\$1");
    }

    private <T> T call(Function<RedisClient, T> command) {
        try {
            return overLivingConnection(command);
        } catch (JedisDataException e) {
            String said = String.valueOf(e.getMessage());
            if (NOT_YET.matcher(said).matches()) {
                throw watch.away(Service.REDIS, said);
            }
            throw StoreException.refused(Service.REDIS, said, e);
        } catch (JedisConnectionException e) {
            throw watch.away(Service.REDIS, "it does not answer");
        } catch (JedisException e) {
            // The pool: no connection was free in time.
            throw watch.away(Service.REDIS, "it does not answer in time");
        }
    }

    /**
     * A server that was started again leaves dead connections behind. To ask each of them before it
     * is used would double the round trips; all are given up where one turns out to be dead. It
     * says so at once: a server that takes long is not asked again.
     */
    private <T> T overLivingConnection(Function<RedisClient, T> command) {
        long start = System.nanoTime();
        try {
            return command.apply(client);
        } catch (JedisConnectionException e) {
            client.getPool().clear();
            if (System.nanoTime() - start >= timeout.toNanos() / 2) {
                throw e;
            }
            return command.apply(client);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
