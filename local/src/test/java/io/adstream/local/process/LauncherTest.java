package io.adstream.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {

    private static final Path SESSION = Path.of("/proc/self/autogroup");

    @TempDir private Path folder;

    @Test
    void aPoliteProcessLetsOthersGoFirstAndKeepsItsPid() throws Exception {
        String session = Files.exists(SESSION) ? Files.readString(SESSION) : "";
        int own = Integer.parseInt(run(List.of("nice")).get(0));
        List<String> command = new ArrayList<>(Launcher.politely(10));
        command.addAll(List.of("sh", "-c", "echo $$; nice; cat " + SESSION));
        Path output = folder.resolve("polite");

        Process process = Launcher.start(spec(command, output));

        assertThat(process.waitFor()).isEqualTo(Files.exists(SESSION) ? 0 : 1);
        List<String> lines = Files.readAllLines(output);
        assertThat(lines.get(0)).isEqualTo(String.valueOf(process.pid()));
        assertThat(lines.get(1)).isEqualTo(String.valueOf(Math.min(19, own + 10)));
        if (Files.exists(SESSION)) {
            assertThat(lines.get(2)).endsWith("nice 10");
            assertThat(Files.readString(SESSION)).as("the session of others").isEqualTo(session);
        }
    }

    @Test
    void nobodyHasToBePolite() {
        assertThat(Launcher.politely(0)).isEmpty();
    }

    private List<String> run(List<String> command) throws Exception {
        Path output = folder.resolve("plain");
        assertThat(Launcher.start(spec(command, output)).waitFor()).isZero();
        return Files.readAllLines(output);
    }

    private static ProcessSpec spec(List<String> command, Path output) {
        return new ProcessSpec("test", command, Map.of(), output, output);
    }
}
