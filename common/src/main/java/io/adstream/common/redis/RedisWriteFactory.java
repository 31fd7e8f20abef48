package io.adstream.common.redis;

import java.io.Serializable;
import java.util.function.Consumer;

/**
 * Turns an element of a stream into writes of Redis keys.
 *
 * @param <T> the element
 */
@FunctionalInterface
public interface RedisWriteFactory<T> extends Serializable {

    /** Gives the writes of one element, none, one or several, to {@code out}. */
    void writes(T element, Consumer<RedisWrite> out);
}
