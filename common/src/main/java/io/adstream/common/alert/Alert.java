package io.adstream.common.alert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of an incident. Times are epoch milliseconds.
 *
 * @param alertId the same for all steps of an incident; see {@link AlertIds}
 * @param ruleId the rule that fired
 * @param ruleVersion version of the rule, from 1
 * @param entityType what it is about
 * @param entityId its id; of the platform {@code platform}
 * @param windowStart beginning of what was judged, or null where there is no window
 * @param observed what was measured, or null
 * @param usual what is usual, or null
 * @param threshold what the rule compares with, or null
 * @param message for people: what happened, with numbers
 * @param sampleEventIds some events that show it
 * @param at when the step was taken
 */
public record Alert(
        String alertId,
        String ruleId,
        int ruleVersion,
        Severity severity,
        Status status,
        EntityType entityType,
        String entityId,
        @Nullable Long windowStart,
        @Nullable Double observed,
        @Nullable Double usual,
        @Nullable Double threshold,
        String message,
        List<String> sampleEventIds,
        long at) {

    /** The id of the only entity of type {@link EntityType#PLATFORM}. */
    public static final String PLATFORM = "platform";

    /** How soon somebody should look. */
    public enum Severity {
        INFO,
        WARNING,
        CRITICAL
    }

    /** Where an incident stands. */
    public enum Status {
        OPEN,
        UPDATE,
        RESOLVED
    }

    /** What an alert is about. */
    public enum EntityType {
        AD,
        CAMPAIGN,
        ADVERTISER,
        DEVICE,
        IP,
        PLATFORM
    }

    /** A later step of the same incident. */
    public Alert step(Status next, @Nullable Double nowObserved, String nowMessage, long now) {
        return new Alert(
                alertId,
                ruleId,
                ruleVersion,
                severity,
                next,
                entityType,
                entityId,
                windowStart,
                nowObserved,
                usual,
                threshold,
                nowMessage,
                sampleEventIds,
                now);
    }
}
