package io.adstream.anomaly;

import io.adstream.anomaly.notify.Channels;
import io.adstream.anomaly.notify.MailSettings;
import io.adstream.common.alert.Alert;
import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the topology of the anomaly job is set to.
 *
 * @param dedupHorizon how long an event id is remembered
 * @param allowedLateness how late an event may be
 * @param retention how long after its latest event an ad is remembered
 * @param stormEntities how many entities of an advertiser are no storm yet
 * @param stormWindow within what time
 * @param statuses steps of incidents that people are told of
 * @param minSeverity the least severity that they are told of
 * @param channels how they are reached
 */
public record AnomalyConfig(
        Duration dedupHorizon,
        Duration allowedLateness,
        Duration retention,
        int stormEntities,
        Duration stormWindow,
        Set<Alert.Status> statuses,
        Alert.Severity minSeverity,
        Channels channels) {

    public static AnomalyConfig from(JobSettings settings) {
        Set<Alert.Status> statuses = EnumSet.noneOf(Alert.Status.class);
        for (String name : settings.get(NotifyOptions.STATUSES).split(",", -1)) {
            statuses.add(Alert.Status.valueOf(name.strip()));
        }
        Duration timeout = settings.get(NotifyOptions.TIMEOUT);
        return new AnomalyConfig(
                settings.get(CommonOptions.DEDUP_HORIZON),
                settings.get(AnomalyOptions.ALLOWED_LATENESS),
                settings.get(AnomalyOptions.RETENTION),
                settings.get(AnomalyOptions.STORM_ENTITIES),
                settings.get(AnomalyOptions.STORM_WINDOW),
                statuses,
                settings.get(NotifyOptions.MIN_SEVERITY),
                new Channels(
                        settings.secret(NotifyOptions.SLACK_WEBHOOK).orElse(null),
                        mail(settings, timeout),
                        timeout,
                        settings.get(NotifyOptions.MAX_PER_MINUTE),
                        settings.get(NotifyOptions.MAX_AGE)));
    }

    private static @Nullable MailSettings mail(JobSettings settings, Duration timeout) {
        return settings.find(NotifyOptions.SMTP_HOST)
                .map(
                        host ->
                                new MailSettings(
                                        host,
                                        settings.get(NotifyOptions.SMTP_PORT),
                                        settings.get(NotifyOptions.SMTP_TLS),
                                        settings.find(NotifyOptions.SMTP_USER).orElse(null),
                                        settings.secret(NotifyOptions.SMTP_PASSWORD).orElse(null),
                                        settings.get(NotifyOptions.MAIL_FROM),
                                        settings.get(NotifyOptions.MAIL_TO),
                                        (int) timeout.toMillis()))
                .orElse(null);
    }
}
