package io.adstream.anomaly;

import io.adstream.anomaly.notify.MailSettings;
import io.adstream.common.alert.Alert;
import io.adstream.common.config.OptionSet;
import io.adstream.common.config.SecretOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;

/** Options of notifications: which alerts people are told of, and how they are reached. */
public final class NotifyOptions {

    public static final OptionSet OPTIONS =
            OptionSet.named(
                    "Notifications",
                    "Which alerts of all jobs people are told of, and how they are reached. Without"
                            + " an address nobody is.");

    private static final Pattern ADDRESSES =
            Pattern.compile("[^@\\s,<>]+@[^@\\s,<>]+(\\s*,\\s*[^@\\s,<>]+@[^@\\s,<>]+)*");

    public static final SecretOption SLACK_WEBHOOK =
            OPTIONS.secret(
                    "notify.slack-webhook",
                    "Address of a Slack incoming webhook. It is a secret: who knows it may post.");

    public static final ConfigOption<String> SMTP_HOST =
            OPTIONS.host("notify.smtp-host")
                    .describedAs("Mail server; without it no mail is sent.");

    public static final ConfigOption<Integer> SMTP_PORT =
            OPTIONS.integer("notify.smtp-port")
                    .defaultTo(587)
                    .between(1, 65535)
                    .describedAs("Port of the mail server.");

    public static final ConfigOption<MailSettings.Tls> SMTP_TLS =
            OPTIONS.choice("notify.smtp-tls", MailSettings.Tls.class)
                    .defaultTo(MailSettings.Tls.STARTTLS)
                    .describedAs(
                            "none: in the clear. starttls: encrypted before anything else is said,"
                                    + " or not sent. tls: encrypted from the beginning.");

    public static final ConfigOption<String> SMTP_USER =
            OPTIONS.string("notify.smtp-user")
                    .describedAs("Who logs in at the mail server; without it nobody does.");

    public static final SecretOption SMTP_PASSWORD =
            OPTIONS.secret("notify.smtp-password", "Password of the user of the mail server.");

    public static final ConfigOption<String> MAIL_FROM =
            OPTIONS.string("notify.mail-from")
                    .defaultTo("adstream@localhost")
                    .where(NotifyOptions::isAddress, "an e-mail address")
                    .describedAs("Sender of the mail.");

    public static final ConfigOption<String> MAIL_TO =
            OPTIONS.string("notify.mail-to")
                    .where(
                            text -> ADDRESSES.matcher(text.strip()).matches(),
                            "e-mail addresses with commas between them")
                    .describedAs("Who gets the mail; needed with notify.smtp-host.");

    public static final ConfigOption<String> STATUSES =
            OPTIONS.string("notify.statuses")
                    .defaultTo("OPEN,RESOLVED")
                    .where(
                            NotifyOptions::areStatuses,
                            "some of OPEN, UPDATE, RESOLVED with commas between them")
                    .describedAs(
                            "Steps of an incident that people are told of. Of an UPDATE they are"
                                    + " told once at most, like of the others.");

    public static final ConfigOption<Alert.Severity> MIN_SEVERITY =
            OPTIONS.choice("notify.min-severity", Alert.Severity.class)
                    .defaultTo(Alert.Severity.INFO)
                    .describedAs("The least severity that people are told of.");

    public static final ConfigOption<Integer> MAX_PER_MINUTE =
            OPTIONS.integer("notify.max-per-minute")
                    .defaultTo(10)
                    .between(1, 600)
                    .describedAs(
                            "Messages per minute and channel; what is more waits and becomes a"
                                    + " digest.");

    public static final ConfigOption<Duration> MAX_AGE =
            OPTIONS.duration("notify.max-age")
                    .defaultTo(Duration.ofHours(1))
                    .between(Duration.ofMinutes(1), Duration.ofDays(14))
                    .describedAs(
                            "An alert that has been on topic alerts for longer is told to nobody,"
                                    + " also where its channel was away all the time.");

    public static final ConfigOption<Duration> TIMEOUT =
            OPTIONS.duration("notify.timeout")
                    .defaultTo(Duration.ofSeconds(10))
                    .between(Duration.ofMillis(100), Duration.ofMinutes(1))
                    .describedAs(
                            "How long a channel may take to connect, and to answer. One that takes"
                                    + " a message and does not answer is not sent it again.");

    static {
        OPTIONS.rule(
                config ->
                        config.getOptional(SMTP_HOST).isPresent()
                                        && config.getOptional(MAIL_TO).isEmpty()
                                ? "notify.mail-to is not set: notify.smtp-host needs to know who"
                                        + " gets the mail"
                                : null);
    }

    private NotifyOptions() {}

    private static boolean isAddress(String text) {
        return ADDRESSES.matcher(text.strip()).matches() && text.indexOf(',') < 0;
    }

    private static boolean areStatuses(String text) {
        return Arrays.stream(text.split(",", -1))
                .allMatch(
                        name ->
                                Arrays.stream(Alert.Status.values())
                                        .anyMatch(status -> status.name().equals(name.strip())));
    }
}
