package io.adstream.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

    @TempDir Path folder;

    @Test
    void givesTheLastLinesOfALongFile() throws IOException {
        Path log = folder.resolve("long.log");
        Files.write(log, IntStream.range(0, 50_000).mapToObj(i -> "line " + i).toList());

        assertThat(LogTail.of(log, 2)).containsExactly("line 49998", "line 49999");
        assertThat(LogTail.of(folder.resolve("absent"), 2)).isEmpty();
    }

    @Test
    void explainsTheUsualCauses() {
        assertThat(LogDiagnosis.of(List.of("java.io.IOException: No space left on device")))
                .hasValueSatisfying(cause -> assertThat(cause).contains("disk is full"));
        assertThat(LogDiagnosis.of(List.of("bind: Address already in use")))
                .hasValueSatisfying(cause -> assertThat(cause).contains("--port-offset"));
        assertThat(LogDiagnosis.of(List.of("-XX:+ExitOnOutOfMemoryError"))).isEmpty();
    }

    @Test
    void relaysWholeLinesAsTheyAreAppended() throws IOException {
        Path log = folder.resolve("growing.log");
        Files.writeString(log, "old\n");
        StringWriter relayed = new StringWriter();
        FileRelay relay = FileRelay.fromEnd(log, new PrintWriter(relayed));

        Files.writeString(log, "new\nhalf", StandardOpenOption.APPEND);
        relay.pass();
        assertThat(relayed).hasToString("new\n");

        Files.writeString(log, " and half\n", StandardOpenOption.APPEND);
        relay.pass();
        assertThat(relayed).hasToString("new\nhalf and half\n");
    }
}
