package io.adstream.local.traffic;

/**
 * A label: what a scenario injected, where and when.
 *
 * @param scenario the scenario's name
 * @param entityType AD, CAMPAIGN, DEVICE, IP or PLATFORM
 * @param entityId the entity concerned; {@code *} for the platform
 * @param from when it begins, simulated epoch milliseconds
 * @param to when it ends, exclusive; {@link Long#MAX_VALUE} where it lasts to the end of the run
 * @param note what happens, in a few words
 */
public record Incident(
        String scenario, String entityType, String entityId, long from, long to, String note) {

    boolean covers(long time) {
        return time >= from && time < to;
    }
}
