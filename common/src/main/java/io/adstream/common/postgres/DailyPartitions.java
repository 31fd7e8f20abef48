package io.adstream.common.postgres;

import io.adstream.common.postgres.PostgresColumn.LongValue;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the partitions of a table that is partitioned by range of a date, one per UTC day, when the
 * first row of the day comes, and drops those that are older than the retention, counted behind the
 * watermark. Safe against other writers that do the same. Neither waits for readers of the table
 * longer than the session's lock timeout, and making one does not hold them up.
 *
 * @param <T> the row
 */
public final class DailyPartitions<T> implements PostgresPreparation<T> {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(DailyPartitions.class);
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final String OVERLAPS = "42P17";

    private final String table;
    private final LongValue<T> epochDay;
    private final int retentionDays;
    private final Set<Long> made = new HashSet<>();
    private long watermarkDay = Long.MIN_VALUE;
    private long droppedAtDay = Long.MIN_VALUE;

    /**
     * @param table the partitioned table, with its schema; partitions are named {@code
     *     TABLE_yyyymmdd}
     * @param epochDay the day of a row, in days since 1970-01-01
     * @param retentionDays how many days before the watermark's day are kept; 0 keeps all
     */
    public DailyPartitions(String table, LongValue<T> epochDay, int retentionDays) {
        this.table = table;
        this.epochDay = epochDay;
        this.retentionDays = retentionDays;
    }

    @Override
    public void prepare(Connection connection, List<T> rows) throws SQLException {
        Set<Long> missing = new TreeSet<>();
        for (T row : rows) {
            long day = epochDay.of(row);
            if (!made.contains(day)) {
                missing.add(day);
            }
        }
        for (long day : missing) {
            make(connection, LocalDate.ofEpochDay(day));
            made.add(day);
        }
        if (retentionDays > 0 && watermarkDay > droppedAtDay) {
            long day = watermarkDay;
            dropBefore(connection, LocalDate.ofEpochDay(day - retentionDays));
            droppedAtDay = day; // only now: the connection may have been lost
        }
    }

    @Override
    public void forget() {
        made.clear();
    }

    @Override
    public void watermark(long timestamp) {
        if (timestamp != Long.MAX_VALUE && timestamp != Long.MIN_VALUE) { // the end of the input
            watermarkDay = Math.max(watermarkDay, Math.floorDiv(timestamp, DAY_MS));
        }
    }

    /** Makes a day's partition unless it is there. */
    private void make(Connection connection, LocalDate day) throws SQLException {
        String partition = partition(day);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            lock(connection);
            if (!isAttached(connection, partition)) {
                // Attaching lets readers and writers of the other days go on; "partition of" does
                // not.
                statement.execute(
                        "create table if not exists %s (like %s including defaults including constraints including storage)"
                                .formatted(partition, table));
                statement.execute(
                        "alter table %s attach partition %s for values from ('%s') to ('%s')"
                                .formatted(table, partition, day, day.plusDays(1)));
                LOG.info("Made the partition {}", partition);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (!OVERLAPS.equals(e.getSQLState())) { // a partition of the user's own has the day
                throw e;
            }
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Drops the partitions of days before one. One that is in use is left for the next time. */
    private void dropBefore(Connection connection, LocalDate day) throws SQLException {
        String first = partition(day);
        for (String partition : partitions(connection)) {
            if (partition.length() == first.length() && partition.compareTo(first) < 0) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("drop table if exists " + partition);
                    LOG.info(
                            "Dropped the partition {}, older than {} days",
                            partition,
                            retentionDays);
                } catch (SQLException e) {
                    if (PostgresFault.of(e) != PostgresFault.BUSY) {
                        throw e;
                    }
                    LOG.warn(
                            "The partition {} is in use and stays for now: {}",
                            partition,
                            e.getMessage());
                }
            }
        }
    }

    private String partition(LocalDate day) {
        return table + "_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
    }

    /** One writer at a time, also of other jobs, until the transaction ends. */
    private void lock(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select pg_advisory_xact_lock(hashtext(?))")) {
            statement.setString(1, table);
            statement.execute();
        }
    }

    private static boolean isAttached(Connection connection, String partition) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "select 1 from pg_inherits where inhrelid = to_regclass(?)")) {
            statement.setString(1, partition);
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        }
    }

    private List<String> partitions(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "select n.nspname || '.' || c.relname from pg_inherits i"
                                + " join pg_class c on c.oid = i.inhrelid"
                                + " join pg_namespace n on n.oid = c.relnamespace"
                                + " where i.inhparent = to_regclass(?) order by 1")) {
            statement.setString(1, table);
            List<String> names = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    names.add(found.getString(1));
                }
            }
            return names;
        }
    }
}
