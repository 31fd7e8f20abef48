package io.adstream.anomaly.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/reference/rules.md} against the rules. */
class RuleReferenceTest {

    private static final String HEAD =
            """
            # Parameters of the rules

            What `./adstream rules set` and the `params` of a record of topic `control` can set; [alerts](../anomaly.md) says what the
            rules are. Written from the code, and a test fails where it differs. To write it anew:
            `./mvnw test -pl jobs-anomaly -am -Dadstream.docs.write=true -Dtest=RuleReferenceTest -Dsurefire.failIfNoSpecifiedTests=false`.
            """;

    @Test
    void theFileIsWhatTheRulesSay() throws IOException {
        Path file = ProjectRoot.resolve("docs/reference/rules.md");
        StringBuilder text = new StringBuilder(HEAD);
        for (RuleId rule : RuleId.values()) {
            if (!rule.isJudgedHere()) {
                continue;
            }
            text.append("\n## ").append(rule.id()).append("\n\n");
            text.append("| parameter | default | allowed | meaning |\n|---|---|---|---|\n");
            for (Param param : rule.params()) {
                text.append(
                        "| `%s` | %s | %s | %s |\n"
                                .formatted(
                                        param.name(),
                                        Param.text(param.standard()),
                                        param.allowed(),
                                        param.meaning()));
            }
        }
        if (Boolean.getBoolean("adstream.docs.write")) {
            Files.writeString(file, text);
        }
        assertThat(Files.readString(file)).isEqualTo(text.toString());
    }
}
