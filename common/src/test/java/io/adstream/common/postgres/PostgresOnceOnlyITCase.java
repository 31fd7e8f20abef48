package io.adstream.common.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ServicesExtension.class)
class PostgresOnceOnlyITCase {

    private final Counter uncertain = new SimpleCounter();
    private TestDatabase database;

    @BeforeEach
    void connect(TestDatabase aDatabase) {
        database = aDatabase;
        database.execute("truncate anomaly.notifications");
    }

    @Test
    void whatIsDoneIsNotClaimedAgainByAnybody() throws Exception {
        try (PostgresOnceOnly first = claims("slack");
                PostgresOnceOnly second = claims("slack")) {
            assertThat(first.claim(List.of("a", "b"), uncertain))
                    .containsExactlyInAnyOrder("a", "b");
            first.done(List.of("a", "b"));
            assertThat(first.claim(List.of("a", "c"), uncertain)).containsExactly("c");
            assertThat(second.claim(List.of("a", "b"), uncertain)).isEmpty();
        }
        assertThat(uncertain.getCount()).isZero();
    }

    @Test
    void channelsDoNotShareClaims() throws Exception {
        try (PostgresOnceOnly slack = claims("slack");
                PostgresOnceOnly mail = claims("mail")) {
            assertThat(slack.claim(List.of("a"), uncertain)).containsExactly("a");
            assertThat(mail.claim(List.of("a"), uncertain)).containsExactly("a");
        }
    }

    @Test
    void whatWasReleasedMayBeClaimed() throws Exception {
        try (PostgresOnceOnly first = claims("slack");
                PostgresOnceOnly second = claims("slack")) {
            assertThat(first.claim(List.of("a"), uncertain)).containsExactly("a");
            first.release(List.of("a"));
            assertThat(second.claim(List.of("a"), uncertain)).containsExactly("a");
        }
    }

    @Test
    void aClaimOfAnotherAttemptIsUncertainForEver() throws Exception {
        try (PostgresOnceOnly died = claims("slack")) {
            assertThat(died.claim(List.of("a"), uncertain)).containsExactly("a");
        }
        try (PostgresOnceOnly next = claims("slack")) {
            assertThat(next.claim(List.of("a", "b"), uncertain)).containsExactly("b");
            assertThat(next.claim(List.of("a"), uncertain)).isEmpty();
        }
        assertThat(uncertain.getCount()).isEqualTo(1);
        assertThat(state("a")).isEqualTo("UNCERTAIN");
    }

    @Test
    void aClaimOfItsOwnWhoseAnswerWasLostStands() throws Exception {
        try (PostgresOnceOnly claims = claims("slack")) {
            assertThat(claims.claim(List.of("a"), uncertain)).containsExactly("a");
            assertThat(claims.claim(List.of("a"), uncertain)).containsExactly("a");
        }
    }

    @Test
    void goesOnWhenItsConnectionIsLost() throws Exception {
        try (PostgresOnceOnly claims = claims("slack")) {
            assertThat(claims.claim(List.of("a"), uncertain)).containsExactly("a");
            database.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name"
                            + " = 'adstream'");
            claims.done(List.of("a"));
            assertThat(state("a")).isEqualTo("DONE");
        }
    }

    @Test
    void forgetsWhatNobodyAsksAboutAnyMore() throws Exception {
        database.execute(
                "insert into anomaly.notifications values ('slack', 'old', 'DONE', 'x', now() -"
                        + " interval '31 days'), ('slack', 'new', 'DONE', 'x', now() - interval"
                        + " '29 days')");
        try (PostgresOnceOnly claims = claims("slack")) {
            assertThat(claims.claim(List.of("a"), uncertain)).containsExactly("a");
        }
        assertThat(database.queryLong("select count(*) from anomaly.notifications")).isEqualTo(2);
    }

    @Test
    void saysWhatNoWaitingWillChange() {
        database.execute("alter table anomaly.notifications rename to elsewhere");
        try (PostgresOnceOnly claims = claims("slack")) {
            assertThatThrownBy(() -> claims.claim(List.of("a"), uncertain))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("anomaly.notifications")
                    .hasMessageContaining("migrations");
        } finally {
            database.execute("alter table anomaly.elsewhere rename to notifications");
        }
    }

    private String state(String key) {
        return String.valueOf(
                database.query(
                                "select state from anomaly.notifications where notification = '"
                                        + key
                                        + "'")
                        .get(0)
                        .get("state"));
    }

    private PostgresOnceOnly claims(String channel) {
        return new PostgresOnceOnly(
                new PostgresConnectionConfig(
                        database.jdbcUrl(),
                        database.user(),
                        database.password(),
                        Duration.ofSeconds(5),
                        PostgresConnectionConfig.DEFAULT_BATCH_ROWS),
                channel,
                new UnregisteredMetricsGroup());
    }
}
