package io.adstream.common.postgres;

import io.adstream.common.event.Excerpt;
import io.adstream.common.store.OnceOnly;
import io.adstream.common.store.StoreOutage;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims in {@code anomaly.notifications}: one row per channel and key, with the state WAITING,
 * CLAIMED, DONE or UNCERTAIN. Used by one thread.
 */
public final class PostgresOnceOnly implements OnceOnly {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresOnceOnly.class);

    private static final String CLAIM =
            "insert into anomaly.notifications as t (channel, notification, state, claimant)"
                    + " select ?, key, 'CLAIMED', ? from unnest(?::text[]) as key"
                    + " on conflict (channel, notification) do update"
                    + " set state = 'CLAIMED', claimant = excluded.claimant, updated_at = now()"
                    + " where t.state = 'WAITING'"
                    + " or (t.state = 'CLAIMED' and t.claimant = excluded.claimant)"
                    + " returning notification";
    private static final String DOUBT =
            "update anomaly.notifications set state = 'UNCERTAIN', updated_at = now()"
                    + " where channel = ? and notification = any (?::text[]) and state = 'CLAIMED'"
                    + " returning notification";
    private static final String DECIDE =
            "update anomaly.notifications set state = ?, updated_at = now()"
                    + " where channel = ? and notification = any (?::text[])";

    private static final String FORGET =
            "delete from anomaly.notifications where updated_at < now() - interval '30 days'";

    private final PostgresConnectionConfig config;
    private final String channel;
    private final String claimant = UUID.randomUUID().toString();
    private final StoreOutage outage;
    private @Nullable Connection connection;

    /**
     * Connects when it is used.
     *
     * @param channel whose claims they are
     */
    public PostgresOnceOnly(PostgresConnectionConfig config, String channel, MetricGroup metrics) {
        this.config = config;
        this.channel = channel;
        this.outage =
                new StoreOutage(
                        "PostgreSQL table anomaly.notifications at " + config.address(),
                        LOG,
                        metrics.counter("claimRetries"));
    }

    /** What is done with a connection. */
    @FunctionalInterface
    private interface Work<R> {
        R run(Connection connection) throws SQLException;
    }

    @Override
    public Set<String> claim(Collection<String> keys, Counter uncertain)
            throws IOException, InterruptedException {
        if (keys.isEmpty()) {
            return Set.of();
        }
        // A claim of its own that is found was made by an attempt whose answer was lost: nothing
        // was sent on the strength of it.
        Set<String> claimed =
                attempt(open -> returned(open, CLAIM, List.of(channel, claimant), keys));
        Set<String> others = new HashSet<>(keys);
        others.removeAll(claimed);
        if (!others.isEmpty()) {
            Set<String> doubtful = attempt(open -> returned(open, DOUBT, List.of(channel), others));
            if (!doubtful.isEmpty()) {
                uncertain.inc(doubtful.size());
                LOG.warn(
                        "{} were about to be sent to {} when the process ended. They may have been"
                                + " sent or not, and are not sent again.",
                        doubtful,
                        channel);
            }
        }
        return claimed;
    }

    @Override
    public void done(Collection<String> keys) throws IOException, InterruptedException {
        decide("DONE", keys);
    }

    @Override
    public void release(Collection<String> keys) throws IOException, InterruptedException {
        decide("WAITING", keys);
    }

    @Override
    public void uncertain(Collection<String> keys) throws IOException, InterruptedException {
        decide("UNCERTAIN", keys);
    }

    private void decide(String state, Collection<String> keys)
            throws IOException, InterruptedException {
        var unused =
                attempt(
                        open -> {
                            try (PreparedStatement update = open.prepareStatement(DECIDE)) {
                                update.setString(1, state);
                                update.setString(2, channel);
                                update.setArray(3, array(open, keys));
                                return update.executeUpdate();
                            }
                        });
    }

    private static Set<String> returned(
            Connection open, String sql, List<String> texts, Collection<String> keys)
            throws SQLException {
        try (PreparedStatement statement = open.prepareStatement(sql)) {
            for (int i = 0; i < texts.size(); i++) {
                statement.setString(i + 1, texts.get(i));
            }
            statement.setArray(texts.size() + 1, array(open, keys));
            Set<String> found = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }

    private static Array array(Connection open, Collection<String> keys) throws SQLException {
        return open.createArrayOf("text", List.copyOf(keys).toArray());
    }

    private <R> R attempt(Work<R> work) throws IOException, InterruptedException {
        while (true) {
            try {
                Connection open = connection;
                if (open == null) {
                    open = PostgresConnections.open(config);
                    connection = open;
                    forgetOld(open);
                }
                R result = work.run(open);
                outage.over();
                return result;
            } catch (SQLException e) {
                PostgresFault fault = PostgresFault.of(e);
                disconnect();
                if (fault != PostgresFault.AWAY && fault != PostgresFault.BUSY) {
                    throw new IOException(
                            "PostgreSQL table anomaly.notifications: "
                                    + Excerpt.oneLine(e.getMessage())
                                    + ". "
                                    + fault.advice(),
                            e);
                }
                outage.await(Excerpt.oneLine(e.getMessage()), fault.advice());
            }
        }
    }

    /** Nobody asks any more about what is older than any topic of alerts keeps. */
    private static void forgetOld(Connection open) throws SQLException {
        try (Statement statement = open.createStatement()) {
            statement.executeUpdate(FORGET);
        }
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            PostgresConnections.close(open);
        }
    }

    @Override
    public void close() {
        disconnect();
    }
}
