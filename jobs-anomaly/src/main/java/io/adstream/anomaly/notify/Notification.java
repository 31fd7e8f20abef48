package io.adstream.anomaly.notify;

import io.adstream.common.alert.Alert;

/**
 * An alert that people are told of.
 *
 * @param arrived its Kafka timestamp, epoch ms
 */
public record Notification(Alert alert, long arrived) {

    /** What is told at most once: an incident's status. */
    public String key() {
        return alert.alertId() + ":" + alert.status();
    }
}
