package io.adstream.local.traffic;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * A campaign of the simulated platform.
 *
 * @param index its position in {@link Marketplace#campaigns()}
 * @param id the campaign id
 * @param advertiserId whose campaign it is
 * @param dailyBudgetMicros the budget of a local day; null is unlimited
 * @param timeZone the zone of its budget day
 * @param currency the advertiser's currency
 */
public record Campaign(
        int index,
        String id,
        String advertiserId,
        @Nullable Long dailyBudgetMicros,
        ZoneId timeZone,
        String currency) {}
