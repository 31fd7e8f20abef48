package io.adstream.bench.proof;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/**
 * What the platform says of its campaigns.
 *
 * @param zones the zone of each campaign's days
 * @param budgets of the campaigns that have one
 */
record PlatformCampaigns(Map<String, ZoneId> zones, Map<String, BigDecimal> budgets) {

    static PlatformCampaigns read(Connection connection) throws SQLException {
        PlatformCampaigns campaigns = new PlatformCampaigns(new HashMap<>(), new HashMap<>());
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select campaign_id, time_zone, daily_budget from"
                                        + " budget.campaigns")) {
            while (rows.next()) {
                campaigns.zones.put(rows.getString(1), ZoneId.of(rows.getString(2)));
                if (rows.getBigDecimal(3) != null) {
                    campaigns.budgets.put(rows.getString(1), rows.getBigDecimal(3));
                }
            }
        }
        return campaigns;
    }
}
