package io.adstream.local.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.local.CommandFailure;
import io.adstream.local.service.ServiceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirTest {

    @TempDir Path folder;

    @Test
    void isMadeWhereItIsMissing() {
        DataDir data = new DataDir(folder.resolve("a b").resolve("data"));
        assertThat(data.exists()).isFalse();

        data.prepare();
        data.prepare();

        assertThat(data.exists()).isTrue();
        assertThat(data.logs()).isDirectory();
    }

    @Test
    void refusesAFolderWithOtherFiles() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "precious");

        assertThatThrownBy(() -> new DataDir(folder).prepare())
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("holds other files");
    }

    @Test
    void saysWhatToDoWhereItCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> new DataDir(file.resolve("data")).prepare())
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("--data-dir");
    }

    @Test
    void isEmptiedOfDataButNotOfLogs() throws IOException {
        DataDir data = new DataDir(folder.resolve("data"));
        data.prepare();
        Files.createDirectories(data.kafka().resolve("ad-events-0"));
        Files.writeString(data.log("kafka"), "log");

        data.empty();

        assertThat(data.kafka()).doesNotExist();
        assertThat(data.log("kafka")).exists();
        assertThat(data.exists()).isTrue();
    }

    @Test
    void deletesNothingOutside() {
        DataDir data = new DataDir(folder.resolve("data"));

        assertThatThrownBy(() -> data.delete(folder)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> data.delete(data.root()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsThePasswordForTheOwnerAlone() throws IOException {
        DataDir data = new DataDir(folder.resolve("data"));
        String password = ServiceFile.password(data.postgresPasswordFile());

        assertThat(password).hasSizeGreaterThan(20);
        assertThat(ServiceFile.password(data.postgresPasswordFile())).isEqualTo(password);
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(data.postgresPasswordFile())))
                .isEqualTo("rw-------");
    }
}
