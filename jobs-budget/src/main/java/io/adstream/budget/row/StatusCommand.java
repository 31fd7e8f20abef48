package io.adstream.budget.row;

import io.adstream.budget.campaign.Campaign;
import org.jspecify.annotations.Nullable;

/**
 * A pause or its end, for the row of {@code budget.campaigns}.
 *
 * @param status what the row becomes, if it is ours to change
 * @param pauseCause who paused it, or null
 * @param pauseSeq the number of the pause; 0 for its end
 */
public record StatusCommand(
        String campaignId, String status, @Nullable String pauseCause, long pauseSeq) {

    public static StatusCommand pause(String campaignId, long seq) {
        return new StatusCommand(campaignId, Campaign.PAUSED, Campaign.BUDGET, seq);
    }

    public static StatusCommand resume(String campaignId) {
        return new StatusCommand(campaignId, Campaign.ACTIVE, null, 0);
    }
}
