package io.adstream.common.dedup;

import io.adstream.common.config.ConfigException;
import io.adstream.common.event.InputEvent;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Spreads event ids over exactly one Flink key per key group.
 *
 * <p>Ids in their millions need no key each: the ids of a key group live in one table, and the one
 * key of the group is where the table's state hangs. The assignment depends on the maximum
 * parallelism alone, so a rescaled job finds every id where it was.
 */
public final class IdPartitions
        implements KeySelector<InputEvent, Integer>, ResultTypeQueryable<Integer> {

    private static final long serialVersionUID = 1L;

    private final Integer[] keys;

    /**
     * @param maxParallelism the job's maximum parallelism, which is its number of key groups
     */
    public IdPartitions(int maxParallelism) {
        keys = new Integer[maxParallelism];
        int missing = maxParallelism;
        for (int key = 0; missing > 0; key++) {
            int group = KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism);
            if (keys[group] == null) {
                keys[group] = key;
                missing--;
            }
        }
    }

    /**
     * The partitions of a job.
     *
     * @throws ConfigException where the job has no explicit maximum parallelism
     */
    public static IdPartitions of(StreamExecutionEnvironment environment) {
        int maxParallelism = environment.getMaxParallelism();
        if (maxParallelism <= 0) {
            throw new ConfigException(
                    "pipeline.max-parallelism is not set; state is spread by it and it can never"
                            + " be changed: set it in Flink's config.yaml (conf/config.yaml has 128)");
        }
        return new IdPartitions(maxParallelism);
    }

    @Override
    public Integer getKey(InputEvent event) {
        // A record without an id meets no other: any partition will do, but not one for all.
        return keys[group(event.idHash == 0 ? event.payloadHash : event.idHash)];
    }

    /** The key group of an id: a range of the upper half of its hash. */
    int group(long idHash) {
        return (int) (((idHash >>> 32) * keys.length) >>> 32);
    }

    /** The only key of a key group. */
    Integer key(int group) {
        return keys[group];
    }

    @Override
    public TypeInformation<Integer> getProducedType() {
        return Types.INT;
    }
}
