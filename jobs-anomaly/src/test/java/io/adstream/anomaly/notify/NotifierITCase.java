package io.adstream.anomaly.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.adstream.common.alert.Alert;
import io.adstream.common.alert.AlertIds;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.PostgresOptions;
import io.adstream.common.config.Secret;
import io.adstream.common.postgres.PostgresConnectionConfig;
import io.adstream.common.postgres.PostgresOnceOnly;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Notifications over a real HTTP server and a real SMTP server, claims in a real PostgreSQL. */
@ExtendWith(ServicesExtension.class)
class NotifierITCase {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MetricGroup metrics = new UnregisteredMetricsGroup();
    private PostgresConnectionConfig postgres;
    private TestDatabase database;
    private WebhookServer slack;

    @BeforeEach
    void connect(TestDatabase aDatabase, @TempDir Path folder) throws Exception {
        database = aDatabase;
        Path password = Files.writeString(folder.resolve("password"), database.password());
        postgres =
                PostgresConnectionConfig.from(
                        JobSettings.of(
                                "anomaly",
                                Map.of(
                                        "postgres.url",
                                        database.jdbcUrl(),
                                        "postgres.user",
                                        database.user(),
                                        "postgres.password-file",
                                        password.toString()),
                                PostgresOptions.OPTIONS));
        slack = new WebhookServer(0);
    }

    @AfterEach
    void stop() {
        slack.close();
    }

    @Test
    void tellsEachStatusOnceWhateverIsRepeated() throws Exception {
        Notification open = notification(1, Alert.Status.OPEN);
        try (Notifier notifier = slack(10)) {
            notifier.write(List.of(open));
            notifier.write(List.of(open));
        }
        try (Notifier again = slack(10)) {
            again.write(List.of(open, notification(1, Alert.Status.RESOLVED)));
        }
        assertThat(slack.texts()).hasSize(2);
        assertThat(slack.texts().get(0)).contains("OPEN click-flood: DEVICE d-1 &lt;b&gt;");
        assertThat(states()).containsExactly("DONE", "DONE");
    }

    @Test
    void triesAgainAfterAnError() throws Exception {
        slack.refuse(500, 429, 503);
        try (Notifier notifier = slack(10)) {
            notifier.write(List.of(notification(1, Alert.Status.OPEN)));
        }
        assertThat(slack.texts()).hasSize(1);
    }

    @Test
    void waitsForAServerThatIsAwayAlsoOverARestart() throws Exception {
        int port = slack.port();
        slack.close();
        Notification open = notification(1, Alert.Status.OPEN);
        AtomicReference<@Nullable Exception> ended = new AtomicReference<>();
        Thread first =
                new Thread(
                        () -> {
                            try (Notifier notifier = slack(10)) {
                                notifier.write(List.of(open));
                            } catch (Exception e) {
                                ended.set(e);
                            }
                        });
        first.start();
        await().atMost(PATIENCE).until(() -> states().contains("WAITING"));
        first.interrupt();
        first.join();
        assertThat(ended.get()).isInstanceOf(InterruptedException.class);
        assertThat(states()).isSubsetOf("WAITING", "CLAIMED");
        database.execute("update anomaly.notifications set state = 'WAITING'");

        slack = new WebhookServer(port);
        try (Notifier again = slack(10)) {
            again.write(List.of(open));
        }
        assertThat(slack.texts()).hasSize(1);
    }

    @Test
    void doesNotSendAgainWhatMayHaveBeenTaken() throws Exception {
        slack.setSilent(true);
        Notification open = notification(1, Alert.Status.OPEN);
        try (Notifier notifier = slack(10)) {
            notifier.write(List.of(open));
        }
        slack.setSilent(false);
        try (Notifier again = slack(10)) {
            again.write(List.of(open));
        }
        assertThat(slack.texts()).hasSize(1);
        assertThat(states()).containsExactly("UNCERTAIN");
    }

    @Test
    void doesNotSendAgainWhatAGatewayHasPassedOn() throws Exception {
        slack.refuse(504);
        Notification open = notification(1, Alert.Status.OPEN);
        try (Notifier notifier = slack(10)) {
            notifier.write(List.of(open));
            notifier.write(List.of(open));
        }
        assertThat(slack.texts()).isEmpty();
        assertThat(states()).containsExactly("UNCERTAIN");
    }

    @Test
    void doesNotSendAgainWhatWasBeingSentWhenTheProcessDied() throws Exception {
        Notification open = notification(1, Alert.Status.OPEN);
        try (var died = new PostgresOnceOnly(postgres, "slack", metrics)) {
            assertThat(died.claim(List.of(open.key()), metrics.counter("x"))).hasSize(1);
        }
        try (Notifier again = slack(10)) {
            again.write(List.of(open));
        }
        assertThat(slack.texts()).isEmpty();
        assertThat(states()).containsExactly("UNCERTAIN");
    }

    @Test
    void aStormBecomesADigest() throws Exception {
        List<Notification> storm = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            storm.add(notification(i, Alert.Status.OPEN));
        }
        try (Notifier notifier = slack(5)) {
            notifier.write(storm);
            notifier.write(storm);
        }
        assertThat(slack.texts()).hasSize(1);
        assertThat(slack.texts().get(0))
                .contains("300 alerts", "300 × click-flood OPEN", "and 280 more");
        assertThat(database.queryLong("select count(*) from anomaly.notifications")).isEqualTo(300);
    }

    @Test
    void whatIsTooOldIsToldToNobody() throws Exception {
        try (Notifier notifier = slack(5)) {
            Notification old =
                    new Notification(
                            notification(1, Alert.Status.OPEN).alert(),
                            System.currentTimeMillis() - 3_700_000);
            notifier.write(List.of(old));
        }
        assertThat(slack.texts()).isEmpty();
    }

    @Test
    void mailIsSentOnceAndWaitsForItsServer() throws Exception {
        ServerSetup setup = ServerSetup.SMTP.dynamicPort();
        GreenMail mail = new GreenMail(setup);
        mail.setUser("adstream", "adstream", "mail-s3cr3t");
        mail.start();
        int port = mail.getSmtp().getPort();
        Notification open = notification(1, Alert.Status.OPEN);
        try (Notifier notifier = mail(port)) {
            notifier.write(List.of(open));
            notifier.write(List.of(open));
            assertThat(mail.getReceivedMessages()).hasSize(1);
            MimeMessage first = mail.getReceivedMessages()[0];
            assertThat(first.getSubject()).isEqualTo("[WARNING] OPEN click-flood: DEVICE d-1 <b>");
            assertThat(first.getContent().toString()).contains("101 clicks", "Observed: 101");
            assertThat(first.getMessageID())
                    .isEqualTo("<" + open.alert().alertId() + ".OPEN@adstream>");
            mail.stop();

            Thread waiting =
                    new Thread(
                            () -> {
                                try {
                                    notifier.write(List.of(notification(1, Alert.Status.RESOLVED)));
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            waiting.start();
            await().atMost(PATIENCE).until(() -> states().contains("WAITING"));
            GreenMail back = new GreenMail(new ServerSetup(port, "127.0.0.1", "smtp"));
            back.setUser("adstream", "adstream", "mail-s3cr3t");
            back.start();
            waiting.join();
            assertThat(back.getReceivedMessages()).hasSize(1);
            back.stop();
        }
    }

    @Test
    void noSecretIsInAMessageOfAFailure() throws Exception {
        int port = slack.port();
        slack.close();
        Channel.Delivery refused =
                new SlackChannel(
                                new Secret("http://127.0.0.1:" + port + "/s3cr3t"),
                                Duration.ofSeconds(2))
                        .send(new Message("id", "subject", "body"));
        assertThat(refused.outcome()).isEqualTo(Channel.Outcome.REFUSED);
        assertThat(refused.problem()).doesNotContain("s3cr3t");
        Channel.Delivery noAddress =
                new SlackChannel(new Secret("s3cr3t nonsense"), Duration.ofSeconds(2))
                        .send(new Message("id", "subject", "body"));
        assertThat(noAddress.outcome()).isEqualTo(Channel.Outcome.REFUSED);
        assertThat(noAddress.problem()).doesNotContain("s3cr3t");
    }

    private Notifier slack(int perMinute) {
        return notifier(
                new SlackChannel(new Secret(slack.address()), Duration.ofSeconds(5)), perMinute);
    }

    private Notifier mail(int port) {
        return notifier(
                new MailChannel(
                        new MailSettings(
                                "127.0.0.1",
                                port,
                                MailSettings.Tls.NONE,
                                "adstream",
                                new Secret("mail-s3cr3t"),
                                "adstream@example.com",
                                "ops@example.com",
                                5000)),
                100);
    }

    private Notifier notifier(Channel channel, int perMinute) {
        return new Notifier(
                channel,
                new PostgresOnceOnly(postgres, channel.name(), metrics),
                new RateLimit(perMinute, System::nanoTime),
                Duration.ofHours(1),
                System::currentTimeMillis,
                metrics);
    }

    private List<Object> states() {
        List<Object> states = new ArrayList<>();
        database.query("select state from anomaly.notifications order by notification")
                .forEach(row -> states.add(String.valueOf(row.get("state"))));
        return states;
    }

    private static Notification notification(int device, Alert.Status status) {
        String entity = "d-" + device + " <b>";
        return new Notification(
                new Alert(
                        AlertIds.of("click-flood", Alert.EntityType.DEVICE, entity, "minute"),
                        "click-flood",
                        1,
                        Alert.Severity.WARNING,
                        status,
                        Alert.EntityType.DEVICE,
                        entity,
                        1_795_168_800_000L,
                        101.0,
                        null,
                        100.0,
                        "101 clicks of device " + entity,
                        List.of("e-1"),
                        1_795_168_800_000L),
                System.currentTimeMillis());
    }
}
