package io.adstream.local.budget;

import io.adstream.budget.sync.CounterCorrection;
import io.adstream.budget.sync.CounterScripts;
import io.adstream.common.money.Micros;
import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisQueries;
import io.adstream.common.redis.RedisWrite;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The counters in Redis and the deductions in PostgreSQL, as an operator's tool sees them. */
public final class BudgetStores implements AutoCloseable {

    private final String postgresUrl;
    private final RedisQueries redis;

    /**
     * A campaign's local date.
     *
     * @param date the budget date
     */
    public record Account(String campaignId, LocalDate date) {}

    /**
     * @param redisHost host of Redis
     * @param redisPort port of Redis
     * @param postgresUrl JDBC URL with user and password
     */
    public BudgetStores(String redisHost, int redisPort, String postgresUrl) {
        this.postgresUrl = postgresUrl;
        this.redis =
                new RedisQueries(
                        RedisConnectionConfig.of(redisHost, redisPort), "budget-repair-watch");
    }

    /**
     * The campaigns of the table on their local date of now, or one of them.
     *
     * @param campaignId null is all
     * @param date null is the local date of now
     */
    public List<Account> accounts(
            @Nullable String campaignId, @Nullable LocalDate date, Instant now)
            throws SQLException {
        List<Account> accounts = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(postgresUrl);
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select campaign_id, time_zone from budget.campaigns order by 1")) {
            while (rows.next()) {
                if (campaignId == null || campaignId.equals(rows.getString(1))) {
                    LocalDate today = LocalDate.ofInstant(now, zone(rows.getString(2)));
                    accounts.add(new Account(rows.getString(1), date == null ? today : date));
                }
            }
        }
        return accounts;
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            return ZoneOffset.UTC; // as the job does
        }
    }

    /** What the accounts' clicks have cost, micros; absent where there were none. */
    public Map<Account, Long> deductions() throws SQLException {
        Map<Account, Long> deductions = new HashMap<>();
        try (Connection connection = DriverManager.getConnection(postgresUrl);
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select campaign_id, budget_date, spent from budget.daily_spend")) {
            while (rows.next()) {
                deductions.put(
                        new Account(rows.getString(1), rows.getDate(2).toLocalDate()),
                        Micros.of(rows.getBigDecimal(3)));
            }
        }
        return deductions;
    }

    /**
     * The accounts' counters now; without those that hold no number.
     *
     * @throws IOException if Redis is away
     */
    public Map<Account, CounterScripts.Found> counters(List<Account> accounts) throws IOException {
        List<RedisWrite> samples = new ArrayList<>();
        for (Account account : accounts) {
            samples.add(CounterScripts.sample(account.campaignId(), account.date().toEpochDay()));
        }
        Map<Account, CounterScripts.Found> counters = new HashMap<>();
        List<@Nullable Object> replies = redis.read(samples);
        for (int i = 0; i < replies.size(); i++) {
            CounterScripts.Found found = CounterScripts.read(replies.get(i));
            if (found != null) {
                counters.put(accounts.get(i), found);
            }
        }
        return counters;
    }

    /**
     * Corrects a counter and notes it in {@code budget.sync_audit}.
     *
     * @return whether it was corrected; not where it was corrected otherwise meanwhile
     */
    public boolean repair(CounterFinding finding, Instant at) throws IOException, SQLException {
        long amount = finding.isAbsent() ? finding.deduction() : -finding.drift();
        CounterCorrection correction =
                new CounterCorrection(
                        finding.campaignId(),
                        finding.date().toEpochDay(),
                        at.toEpochMilli(),
                        finding.last(),
                        amount,
                        finding.version());
        Object reply = redis.run(List.of(CounterScripts.correction(correction))).get(0);
        boolean done = Long.valueOf(1).equals(reply);
        if (done) {
            audit(finding, amount, at);
        }
        return done;
    }

    private void audit(CounterFinding finding, long amount, Instant at) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgresUrl);
                PreparedStatement insert =
                        connection.prepareStatement(
                                "insert into budget.sync_audit (campaign_id, budget_date, cut,"
                                        + " counter, deduction, drift, action, correction, at) values"
                                        + " (?, ?, ?, ?, ?, ?, 'REPAIRED', ?, ?) on conflict do nothing")) {
            insert.setString(1, finding.campaignId());
            insert.setObject(2, finding.date());
            insert.setTimestamp(3, Timestamp.from(at));
            insert.setBigDecimal(4, decimal(finding.last()));
            insert.setBigDecimal(5, decimal(finding.deduction()));
            insert.setBigDecimal(6, finding.last() == null ? null : decimal(finding.drift()));
            insert.setBigDecimal(7, decimal(amount));
            insert.setTimestamp(8, Timestamp.from(at));
            insert.executeUpdate();
        }
    }

    private static @Nullable BigDecimal decimal(@Nullable Long micros) {
        return micros == null ? null : Micros.toDecimal(micros);
    }

    @Override
    public void close() {
        redis.close();
    }
}
