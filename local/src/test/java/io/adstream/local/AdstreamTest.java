package io.adstream.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class AdstreamTest {

    @TempDir Path folder;

    private final CommandRun run = new CommandRun();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up",
                "down",
                "status",
                "logs",
                "traffic",
                "topics",
                "submit",
                "savepoint",
            })
    void everyCommandExplainsItself(String command) {
        assertThat(run.exitCode(command, "--help")).isZero();
        assertThat(run.out()).startsWith("Usage: adstream " + command);
    }

    /** Descriptions are formats: a lone percent sign is a warning on the screen. */
    @Test
    void noHelpWarns() {
        everyDescription(new CommandLine(new Adstream()))
                .forEach(
                        text ->
                                assertThatCode(() -> text.formatted())
                                        .as(text)
                                        .doesNotThrowAnyException());
    }

    private static Stream<String> everyDescription(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        Stream<String> own =
                Stream.of(
                                Stream.of(spec.usageMessage().description()),
                                Stream.of(spec.usageMessage().footer()),
                                spec.args().stream().flatMap(arg -> Stream.of(arg.description())))
                        .flatMap(texts -> texts);
        return Stream.concat(
                own,
                command.getSubcommands().values().stream().flatMap(AdstreamTest::everyDescription));
    }

    @Test
    void documentsExitCodesAndEnvironment() {
        assertThat(run.exitCode("--help")).isZero();
        assertThat(run.out()).contains("Exit codes: 0 done", "ADSTREAM_DATA_DIR", "JAVA_HOME");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up --rate 0 | --rate is 0.0",
                "up --rate fast | 'fast' is not a double",
                "up --parallelism 0 | --parallelism is 0",
                "up --state-backend disk | allowed is hashmap or rocksdb",
                "up --jobs nonsense | There is no job nonsense",
                "up --port-offset 60000 --jobs , | --port-offset is 60000",
                "up --flink rest.port=1 | adstream sets this itself",
                "upp | Did you mean: adstream up?",
                "submit | Missing required parameter: 'JOB'",
                "submit metrics --from x --scratch | mutually exclusive",
                "topics | Say what to do",
            })
    void refusesWrongUsageBeforeItDoesAnything(String arguments, String message) {
        String[] words = (arguments + " --data-dir=" + folder.resolve("d")).trim().split(" ", -1);
        if (arguments.startsWith("upp") || arguments.startsWith("topics")) {
            words = arguments.trim().split(" ", -1);
        }

        assertThat(run.exitCode(words)).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(message.trim());
        assertThat(folder.resolve("d")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "status --json", "status --check", "topics check"})
    void saysThatNothingIsUp(String arguments) {
        String[] words = (arguments + " --data-dir=" + folder).split(" ", -1);

        assertThat(run.exitCode(words)).isEqualTo(ExitCode.NOT_UP);
        assertThat(run.err()).contains("adstream is not up").contains("./adstream up");
    }

    @Test
    void downIsContentWhereNothingIsUp() {
        assertThat(run.exitCode("down", "--data-dir=" + folder)).isZero();
        assertThat(run.out()).contains("adstream is not up");
    }

    @Test
    void saysWhereTheBrokerIsThatDoesNotAnswer() {
        assertThat(run.exitCode("topics", "check", "--bootstrap-servers=nohost.invalid:1"))
                .isEqualTo(ExitCode.FAILURE);
        assertThat(run.err()).contains("nohost.invalid:1").doesNotContain("\tat ");
    }
}
