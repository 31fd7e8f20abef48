package io.adstream.local.flink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureTextTest {

    @Test
    void givesTheJobsOwnMessageWithAllItsLines() {
        String printed =
                """
                ------------------------------------------------------------
                 The program finished with the following exception:

                org.apache.flink.client.program.ProgramInvocationException: The main method caused an error: x
                \tat org.apache.flink.client.program.PackagedProgram.callMainMethod(PackagedProgram.java:1)
                Caused by: io.adstream.common.config.ConfigException: The metrics job was not started: a setting is wrong.
                  - redis.port = x: allowed is an integer
                \tat io.adstream.common.config.JobSettings.load(JobSettings.java:1)
                """;

        assertThat(FailureText.cause(printed))
                .isEqualTo(
                        "The metrics job was not started: a setting is wrong.\n"
                                + "  - redis.port = x: allowed is an integer");
    }

    @Test
    void givesTheInnermostCause() {
        String trace =
                """
                java.lang.Exception: outer
                \tat a.B.c(B.java:1)
                Caused by: org.apache.flink.util.StateMigrationException: The new state serializer must not be incompatible
                \t... 2 more
                """;

        assertThat(FailureText.cause(trace))
                .isEqualTo(
                        "StateMigrationException: The new state serializer must not be incompatible");
        assertThat(FailureText.isMisfit(trace)).isTrue();
        assertThat(FailureText.isDamage(trace)).isFalse();
    }

    @Test
    void tellsDamageFromOtherCauses() {
        assertThat(FailureText.isDamage("java.io.EOFException\n\tat x")).isTrue();
        assertThat(FailureText.isDamage("java.net.ConnectException: refused")).isFalse();
        assertThat(FailureText.isMisfit("java.net.ConnectException: refused")).isFalse();
    }
}
