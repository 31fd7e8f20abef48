package io.adstream.jobtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.FlinkOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.config.OptionReference;
import io.adstream.common.config.OptionSet;
import io.adstream.testing.ClassesBeside;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The options of a job, {@code conf/<job>.yaml} and {@code docs/reference/config.md} say the same.
 */
public abstract class JobOptionsContract {

    private static final Path REFERENCE = ProjectRoot.resolve("docs/reference/config.md");

    private final String job;
    private final Class<?> main;
    private final OptionSet[] options;
    private final Function<JobSettings, ?> config;
    private final Path file;

    /**
     * @param job the job's short name
     * @param main the class that starts the job
     * @param options every option that the job takes
     * @param config validates settings
     */
    protected JobOptionsContract(
            String job, Class<?> main, OptionSet[] options, Function<JobSettings, ?> config) {
        this.job = job;
        this.main = main;
        this.options = options.clone();
        this.config = config;
        file = ProjectRoot.resolve("conf/" + job + ".yaml");
    }

    @Test
    void everyKeyOfTheFileIsKnownAndTheJobStartsWithIt() {
        assertThat(config.apply(load(file))).isNotNull();
    }

    @Test
    void aLineOfTheFileBehindACommentSignShowsTheDefault(@TempDir Path directory)
            throws IOException {
        String text = Files.readString(file);
        String uncommented = text.replaceAll("(?m)^# (?=[a-z][a-z0-9.-]+: )", "");
        assertThat(uncommented).isNotEqualTo(text);
        Path all = Files.writeString(directory.resolve("all.yaml"), uncommented);

        assertThat(withDefaults(load(all)))
                .isEqualTo(withDefaults(JobSettings.of(job, Map.of(), options)));
    }

    @Test
    void theReferenceIsWhatTheOptionsSay() throws IOException {
        if (Boolean.getBoolean("adstream.docs.write")) {
            OptionReference.write(REFERENCE, job, own());
        }
        assertThat(OptionReference.matches(REFERENCE, job, own()))
                .as("%s is not what the options say; its head says how to write it anew", REFERENCE)
                .isTrue();
    }

    @Test
    void theJobTakesEveryOptionThatItsModuleDeclares() throws ReflectiveOperationException {
        List<OptionSet> declared = new ArrayList<>();
        for (Class<?> holder : ClassesBeside.endingWith(main, "Options")) {
            declared.add((OptionSet) holder.getField("OPTIONS").get(null));
        }
        assertThat(declared).isNotEmpty();
        assertThat(own()).containsExactlyInAnyOrderElementsOf(declared);
    }

    private JobSettings load(Path settings) {
        return JobSettings.load(new String[] {"--config", settings.toString()}, job, options);
    }

    /** The sets that no other job has. */
    private List<OptionSet> own() {
        List<OptionSet> own = new ArrayList<>(List.of(options));
        own.removeAll(List.of(CommonOptions.with()));
        return own;
    }

    /** What is handed on to libraries has no default here. */
    private static Map<String, String> withDefaults(JobSettings settings) {
        Map<String, String> values = new TreeMap<>(settings.configuration().toMap());
        values.keySet()
                .removeIf(
                        key ->
                                key.startsWith(FlinkOptions.ENGINE.prefix())
                                        || key.startsWith(KafkaOptions.PROPERTIES.prefix()));
        return values;
    }
}
