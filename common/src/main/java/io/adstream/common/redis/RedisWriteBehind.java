package io.adstream.common.redis;

import io.adstream.common.store.BatchWriter;
import io.adstream.common.store.BatchWriterFactory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes elements to Redis for sinks that write behind.
 *
 * @param <T> the element
 */
public final class RedisWriteBehind<T> implements BatchWriter<T> {

    private final RedisWriteFactory<T> factory;
    private final RedisBatch batch;

    private RedisWriteBehind(RedisWriteFactory<T> factory, RedisBatch batch) {
        this.factory = factory;
        this.batch = batch;
    }

    /** Writers of elements; each write has its own key. */
    public static <T> BatchWriterFactory<T> of(
            RedisConnectionConfig config, RedisWriteFactory<T> factory) {
        return (metrics, subtask) ->
                new RedisWriteBehind<>(
                        factory,
                        new RedisBatch(config, metrics, metrics.counter("redisDecided"), subtask));
    }

    @Override
    public void write(List<T> elements) throws IOException, InterruptedException {
        Map<String, RedisWrite> pending = new LinkedHashMap<>();
        for (T element : elements) {
            factory.writes(element, write -> pending.put(write.key(), write));
        }
        batch.write(pending);
    }

    @Override
    public void close() {
        batch.close();
    }
}
