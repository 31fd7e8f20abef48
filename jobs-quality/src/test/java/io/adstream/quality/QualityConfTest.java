package io.adstream.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.FlinkOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.config.OptionSet;
import io.adstream.common.config.PostgresOptions;
import io.adstream.common.config.RedisOptions;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/quality.yaml} against the options of the job. */
class QualityConfTest {

    private static final OptionSet[] OPTIONS = {
        CommonOptions.OPTIONS,
        KafkaOptions.OPTIONS,
        RedisOptions.OPTIONS,
        PostgresOptions.OPTIONS,
        FlinkOptions.OPTIONS,
        QualityOptions.OPTIONS
    };

    private static final Path FILE = ProjectRoot.resolve("conf/quality.yaml");

    @Test
    void everyKeyIsKnownAndTheJobStartsWithIt() {
        JobSettings settings = load(FILE);

        assertThat(QualityConfig.from(settings)).isNotNull();
    }

    @Test
    void aLineBehindACommentSignShowsTheDefault(@TempDir Path directory) throws IOException {
        String text = Files.readString(FILE);
        String uncommented = text.replaceAll("(?m)^# (?=[a-z][a-z0-9.-]+: )", "");
        assertThat(uncommented).isNotEqualTo(text);
        Path all = Files.writeString(directory.resolve("all.yaml"), uncommented);

        assertThat(own(load(all))).isEqualTo(own(JobSettings.of("quality", Map.of(), OPTIONS)));
    }

    private static JobSettings load(Path file) {
        return JobSettings.load(
                new String[] {"--config", file.toString()}, QualityPipeline.JOB, OPTIONS);
    }

    /** The options of the project; what is handed on to libraries has no default here. */
    private static Map<String, String> own(JobSettings settings) {
        Map<String, String> values = new TreeMap<>(settings.configuration().toMap());
        values.keySet()
                .removeIf(
                        key ->
                                key.startsWith(FlinkOptions.ENGINE.prefix())
                                        || key.startsWith(KafkaOptions.PROPERTIES.prefix()));
        return values;
    }
}
