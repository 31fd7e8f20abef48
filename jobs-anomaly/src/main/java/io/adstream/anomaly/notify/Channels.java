package io.adstream.anomaly.notify;

import io.adstream.common.config.Secret;
import io.adstream.common.store.BatchWriterFactory;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How people are reached.
 *
 * @param webhook the Slack webhook, or null for none
 * @param mail the mail server, or null for none
 * @param timeout how long a channel may take to answer
 * @param perMinute messages of a channel per minute
 * @param maxAge older alerts are told to nobody
 */
public record Channels(
        @Nullable Secret webhook,
        @Nullable MailSettings mail,
        Duration timeout,
        int perMinute,
        Duration maxAge)
        implements Serializable {

    /** Writers to Slack. */
    public BatchWriterFactory<Notification> slack(ClaimsFactory claims) {
        Secret address = webhook;
        Duration patience = timeout;
        return Notifier.factory(
                () -> address == null ? null : new SlackChannel(address, patience),
                claims,
                perMinute,
                maxAge);
    }

    /** Writers of e-mail. */
    public BatchWriterFactory<Notification> mail(ClaimsFactory claims) {
        MailSettings settings = mail;
        return Notifier.factory(
                () -> settings == null ? null : new MailChannel(settings),
                claims,
                perMinute,
                maxAge);
    }
}
