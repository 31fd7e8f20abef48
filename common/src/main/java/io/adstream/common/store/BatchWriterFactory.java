package io.adstream.common.store;

import java.io.Serializable;
import org.apache.flink.metrics.MetricGroup;

/**
 * Makes the writer of one subtask.
 *
 * @param <T> the row
 */
@FunctionalInterface
public interface BatchWriterFactory<T> extends Serializable {

    /**
     * Makes a writer, which connects when it is used.
     *
     * @param metrics where it counts
     * @param subtask index of the subtask, for names of threads
     */
    BatchWriter<T> open(MetricGroup metrics, int subtask);
}
