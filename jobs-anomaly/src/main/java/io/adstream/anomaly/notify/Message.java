package io.adstream.anomaly.notify;

import io.adstream.anomaly.incident.Text;
import io.adstream.common.alert.Alert;
import io.adstream.common.time.EventTimes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What people read.
 *
 * @param id the same for the same alerts
 * @param subject one line
 * @param body some lines
 */
record Message(String id, String subject, String body) {

    private static final int LISTED = 20;

    /** Characters of a line: a digest of twenty stays below the 40,000 that Slack takes. */
    private static final int MAX_LINE = 500;

    /** A message about one alert, or a digest of several. */
    static Message about(List<Notification> notifications) {
        return notifications.size() == 1 ? single(notifications.get(0)) : digest(notifications);
    }

    private static Message single(Notification notification) {
        Alert alert = notification.alert();
        List<String> lines = new ArrayList<>();
        lines.add(oneLine(alert.message()));
        lines.add("");
        lines.add("Observed: " + number(alert.observed()));
        lines.add("Usual: " + number(alert.usual()));
        lines.add("Threshold: " + number(alert.threshold()));
        lines.add("Rule: " + alert.ruleId() + ", version " + alert.ruleVersion());
        lines.add("At: " + EventTimes.format(alert.at()));
        lines.add("Alert: " + alert.alertId());
        if (!alert.sampleEventIds().isEmpty()) {
            lines.add("Events: " + oneLine(String.join(", ", alert.sampleEventIds())));
        }
        return new Message(
                notification.key().replace(':', '.'), subject(alert), String.join("\n", lines));
    }

    private static Message digest(List<Notification> notifications) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Notification notification : notifications) {
            Alert alert = notification.alert();
            counts.merge(alert.ruleId() + " " + alert.status(), 1, Integer::sum);
        }
        List<String> lines = new ArrayList<>();
        counts.forEach((what, count) -> lines.add(count + " × " + what));
        lines.add("");
        for (Notification notification :
                notifications.subList(0, Math.min(LISTED, notifications.size()))) {
            lines.add(subject(notification.alert()) + " (" + notification.alert().alertId() + ")");
        }
        if (notifications.size() > LISTED) {
            lines.add("… and " + (notifications.size() - LISTED) + " more in alerts.alerts");
        }
        return new Message(
                "digest." + notifications.get(0).key().replace(':', '.'),
                notifications.size() + " alerts: " + String.join(", ", counts.keySet()),
                String.join("\n", lines));
    }

    private static String subject(Alert alert) {
        return oneLine(
                "[%s] %s %s: %s %s"
                        .formatted(
                                alert.severity(),
                                alert.status(),
                                alert.ruleId(),
                                alert.entityType(),
                                alert.entityId()));
    }

    /**
     * Ids come from outside: nothing in them may begin a line, a header or a control sequence, nor
     * make a message longer than a channel takes.
     */
    private static String oneLine(String text) {
        String shown = text.replaceAll("\\p{Cntrl}", " ");
        return shown.codePointCount(0, shown.length()) <= MAX_LINE
                ? shown
                : shown.substring(0, shown.offsetByCodePoints(0, MAX_LINE)) + "…";
    }

    private static String number(@Nullable Double value) {
        return value == null ? "–" : Text.number(value);
    }
}
