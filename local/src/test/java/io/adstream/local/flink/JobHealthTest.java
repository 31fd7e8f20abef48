package io.adstream.local.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class JobHealthTest {

    private final JobHealth health = new JobHealth(new FlinkRest(1), Duration.ofMinutes(2));

    @Test
    void acceptsTimeThatIsLittleBehind() {
        assertThat(health.judgeLag(120_000, 100, 5_000, 0)).isEmpty();
    }

    @Test
    void complainsWhereRecordsWait() {
        assertThat(health.judgeLag(600_000, 599_000, 10_000, 0))
                .hasValueSatisfying(
                        problem ->
                                assertThat(problem)
                                        .contains("600 s behind")
                                        .contains("10000 records"));
    }

    @Test
    void acceptsSilenceAndOldRecordsThatWereReadToTheEnd() {
        assertThat(health.judgeLag(600_000, 100, 0, 60_000)).isEmpty();
        assertThat(health.judgeLag(90_000_000, 89_990_000, 0, 5)).isEmpty();
    }

    @Test
    void complainsWhereTimeStandsStillWhileRecordsFlow() {
        assertThat(health.judgeLag(600_000, 1_000, 0, 5)).isPresent();
    }

    @Test
    void saysOfRefusedCommitsWhatTheyMeanAndWhereMoreIsTold() {
        assertThat(JobHealth.refusedCommits(1)).startsWith("1 commit to Kafka was refused");
        assertThat(JobHealth.refusedCommits(2))
                .startsWith("2 commits to Kafka were refused (failedCommittables)")
                .contains("may be missing", "docs/local.md");
    }
}
