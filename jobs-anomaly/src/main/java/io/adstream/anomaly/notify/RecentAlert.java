package io.adstream.anomaly.notify;

import io.adstream.anomaly.incident.Step;
import io.adstream.common.alert.Alert;

/**
 * An alert for the Redis stream {@code alerts:recent}.
 *
 * @param key what identifies it among all alerts
 */
public record RecentAlert(String key, Alert alert) {

    /** An alert of this job. */
    public static RecentAlert of(Step step) {
        return of(step.alert());
    }

    /** An alert of any job; an UPDATE is told from another by what it says. */
    public static RecentAlert of(Alert alert) {
        return new RecentAlert(
                alert.status() == Alert.Status.UPDATE
                        ? alert.alertId() + ":UPDATE:" + alert.at()
                        : alert.alertId() + ":" + alert.status(),
                alert);
    }
}
