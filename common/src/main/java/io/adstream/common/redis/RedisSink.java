package io.adstream.common.redis;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Writes to Redis, each write an absolute value with a guard, so that a repeated or delayed one
 * changes nothing. All writes of a checkpoint are acknowledged before it completes. While Redis is
 * away, loading, read-only or out of memory the sink waits and holds the stream back; it drops
 * nothing. Only an answer that no waiting will change fails the job.
 *
 * @param <T> the element of the stream
 */
public final class RedisSink<T> implements Sink<T> {

    private static final long serialVersionUID = 1L;

    private final RedisConnectionConfig config;
    private final RedisWriteFactory<T> factory;

    /**
     * @param config the server
     * @param factory what an element writes
     */
    public RedisSink(RedisConnectionConfig config, RedisWriteFactory<T> factory) {
        this.config = config;
        this.factory = factory;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new RedisWriter<>(config, factory, context);
    }
}
