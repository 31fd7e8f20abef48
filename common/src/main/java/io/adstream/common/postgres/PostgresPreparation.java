package io.adstream.common.postgres;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What has to be there before rows are inserted, such as partitions. Each writer has its own.
 *
 * @param <T> the row
 */
public interface PostgresPreparation<T> extends Serializable {

    /**
     * Called before each batch, outside its transaction, on a connection in auto-commit.
     *
     * @throws SQLException handled as one of the batch itself: waited out, or the job fails
     */
    void prepare(Connection connection, List<T> rows) throws SQLException;

    /** Called when a batch has failed: what was prepared earlier may be gone. */
    void forget();

    /** Called when event time moves on: no row of an earlier time is expected, epoch ms. */
    default void watermark(long timestamp) {}
}
