package io.adstream.common.postgres;

import io.adstream.common.postgres.PostgresColumn.LongValue;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Makes the partitions of a table that is partitioned by range of a date, one per day, when the
 * first row of the day comes. Safe against other writers that do the same.
 *
 * @param <T> the row
 */
public final class DailyPartitions<T> implements PostgresPreparation<T> {

    private static final long serialVersionUID = 1L;

    private final String table;
    private final LongValue<T> epochDay;

    /**
     * @param table the partitioned table, with its schema; partitions are named {@code
     *     TABLE_yyyymmdd}
     * @param epochDay the day of a row, in days since 1970-01-01
     */
    public DailyPartitions(String table, LongValue<T> epochDay) {
        this.table = table;
        this.epochDay = epochDay;
    }

    @Override
    public void prepare(Connection connection, List<T> rows) throws SQLException {
        throw new UnsupportedOperationException(table + epochDay);
    }

    @Override
    public void forget() {}
}
