package io.adstream.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.config.OptionReference;
import io.adstream.common.config.OptionSet;
import io.adstream.testing.ClassesBeside;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QualityOptionReferenceTest {

    private static final List<OptionSet> DOCUMENTED = List.of(QualityOptions.OPTIONS);

    @Test
    void theFileIsWhatTheOptionsSay() throws IOException {
        Path file = ProjectRoot.resolve("docs/reference/config.md");
        if (Boolean.getBoolean("adstream.docs.write")) {
            OptionReference.write(file, "quality", DOCUMENTED);
        }
        assertThat(OptionReference.matches(file, "quality", DOCUMENTED))
                .as("%s is not what the options say; its head says how to write it anew", file)
                .isTrue();
    }

    @Test
    void everyHolderIsDocumented() throws Exception {
        List<OptionSet> declared = new ArrayList<>();
        for (Class<?> holder : ClassesBeside.endingWith(QualityOptions.class, "Options")) {
            declared.add((OptionSet) holder.getField("OPTIONS").get(null));
        }
        assertThat(DOCUMENTED).containsExactlyInAnyOrderElementsOf(declared);
    }
}
