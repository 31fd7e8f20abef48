package io.adstream.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.ClassesBeside;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionReferenceTest {

    private static final List<OptionSet> DOCUMENTED = List.of(CommonOptions.with());

    @Test
    void theFileIsWhatTheOptionsSay() throws IOException {
        Path file = ProjectRoot.path().resolve("docs/reference/config.md");
        if (Boolean.getBoolean("adstream.docs.write")) {
            OptionReference.write(file, "common", DOCUMENTED);
        }
        assertThat(OptionReference.matches(file, "common", DOCUMENTED))
                .as("%s is not what the options say; its head says how to write it anew", file)
                .isTrue();
    }

    @Test
    void everyHolderIsDocumented() throws Exception {
        List<OptionSet> declared = new ArrayList<>();
        for (Class<?> holder : ClassesBeside.endingWith(OptionSet.class, "Options")) {
            declared.add((OptionSet) holder.getField("OPTIONS").get(null));
        }
        assertThat(declared).isNotEmpty();
        assertThat(DOCUMENTED).containsExactlyInAnyOrderElementsOf(declared);
    }

    @Test
    void aSectionThatDiffersIsNoticedAndReplacedInItsPlace(@TempDir Path directory)
            throws IOException {
        OptionSet set = OptionSet.named("A", "About A.");
        var unused = set.integer("a.b").defaultTo(1).between(1, 2).describedAs("Counts | things.");
        Path file = Files.writeString(directory.resolve("config.md"), "# Options\n");
        assertThat(OptionReference.matches(file, "a", List.of(set))).isFalse();

        OptionReference.write(file, "a", List.of(set));
        OptionReference.write(file, "b", List.of());
        assertThat(OptionReference.matches(file, "a", List.of(set))).isTrue();
        assertThat(Files.readString(file))
                .contains(
                        "| `a.b` | integer | `1` | an integer, from 1 to 2 | Counts \\| things. |");

        var unusedToo = set.bool("a.c").describedAs("Something $1.");
        assertThat(OptionReference.matches(file, "a", List.of(set))).isFalse();
        OptionReference.write(file, "a", List.of(set));
        assertThat(Files.readString(file))
                .containsOnlyOnce("## A\n")
                .contains("| `a.c` | boolean |  | true or false | Something $1. |")
                .matches("(?s)# Options.*## A.*end: a -->.*end: b -->\n");
    }
}
