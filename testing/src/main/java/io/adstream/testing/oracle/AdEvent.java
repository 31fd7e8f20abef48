package io.adstream.testing.oracle;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The contract fields of a well-formed ad event, in the order of the contract. Two events with the
 * same id conflict where these are not equal.
 *
 * @param eventTime cut to milliseconds
 * @param actualPrice rounded half-even to six decimals; null where absent
 * @param conversionValue rounded half-even to six decimals; null where absent
 */
public record AdEvent(
        String eventId,
        String eventType,
        Instant eventTime,
        @Nullable String adId,
        @Nullable String campaignId,
        @Nullable String advertiserId,
        @Nullable String userId,
        @Nullable String deviceId,
        @Nullable String sessionId,
        @Nullable String ip,
        @Nullable String category,
        @Nullable BigDecimal actualPrice,
        @Nullable BigDecimal conversionValue) {

    /** Whether the event counts in windows: a conversion need not know its ad. */
    public boolean hasAllIds() {
        return adId != null && campaignId != null && advertiserId != null;
    }
}
