package io.adstream.budget;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import java.time.Duration;

/**
 * What the topology of the budget job is set to.
 *
 * @param dedupHorizon how long an event id is remembered, in event time
 * @param allowedLateness how late a click may be
 * @param campaignsInterval how often the table of campaigns is read
 * @param statusInterval how often a status is sent again
 * @param writeInterval how often rows are written
 * @param syncInterval from one comparison of the counters to the next
 * @param syncTolerance how far around a cut spend is on its way
 */
public record BudgetConfig(
        Duration dedupHorizon,
        Duration allowedLateness,
        Duration campaignsInterval,
        Duration statusInterval,
        Duration writeInterval,
        Duration syncInterval,
        Duration syncTolerance) {

    public static BudgetConfig from(JobSettings settings) {
        return new BudgetConfig(
                settings.get(CommonOptions.DEDUP_HORIZON),
                settings.find(BudgetOptions.ALLOWED_LATENESS)
                        .orElse(settings.get(CommonOptions.DEDUP_HORIZON)),
                settings.get(BudgetOptions.CAMPAIGNS_INTERVAL),
                settings.get(BudgetOptions.STATUS_INTERVAL),
                settings.get(BudgetOptions.WRITE_INTERVAL),
                settings.get(BudgetOptions.SYNC_INTERVAL),
                settings.get(BudgetOptions.SYNC_TOLERANCE));
    }
}
