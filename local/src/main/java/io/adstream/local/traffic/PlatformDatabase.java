package io.adstream.local.traffic;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The little that the traffic command asks of PostgreSQL. */
final class PlatformDatabase {

    private final String url;

    /**
     * A database that is connected to for each call.
     *
     * @param url a JDBC URL, with user and password
     */
    PlatformDatabase(String url) {
        this.url = url;
        DriverManager.setLoginTimeout(5);
    }

    /** Adds the campaigns that {@code budget.campaigns} does not have; returns how many. */
    int addCampaigns(List<Campaign> campaigns) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement insert =
                        connection.prepareStatement(
                                "insert into budget.campaigns (campaign_id, advertiser_id,"
                                        + " daily_budget, currency, time_zone)"
                                        + " values (?, ?, ?, ?, ?)"
                                        + " on conflict (campaign_id) do nothing")) {
            connection.setAutoCommit(false);
            for (Campaign campaign : campaigns) {
                Long budget = campaign.dailyBudgetMicros();
                insert.setString(1, campaign.id());
                insert.setString(2, campaign.advertiserId());
                insert.setBigDecimal(3, budget == null ? null : BigDecimal.valueOf(budget, 6));
                insert.setString(4, campaign.currency());
                insert.setString(5, campaign.timeZone().getId());
                insert.addBatch();
            }
            int added = 0;
            for (int count : insert.executeBatch()) {
                added += Math.max(0, count);
            }
            connection.commit();
            return added;
        }
    }

    /** How far the metrics job has come in event time; empty before its first checkpoint. */
    Optional<Instant> metricsWatermark() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select watermark from realtime.progress where job = 'metrics'")) {
            return rows.next() && rows.getTimestamp(1) != null
                    ? Optional.of(rows.getTimestamp(1).toInstant())
                    : Optional.empty();
        }
    }
}
