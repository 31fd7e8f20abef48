package io.adstream.testing.services;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** Writes a broker's configuration and formats its log folder, as {@code kafka-storage.sh}. */
final class KafkaStorage {

    private KafkaStorage() {}

    /**
     * Formats the log folder below {@code folder} unless it is formatted already.
     *
     * @return the path of {@code server.properties}
     */
    static Path format(Path folder, List<String> properties) {
        Path file = folder.resolve("server.properties");
        try {
            Files.createDirectories(folder);
            Files.write(file, properties);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status =
                StorageTool.execute(
                        new String[] {
                            "format",
                            "--cluster-id",
                            Uuid.randomUuid().toString(),
                            "--config",
                            file.toString(),
                            "--ignore-formatted"
                        },
                        new PrintStream(output, true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new IllegalStateException(
                    "cannot format " + folder + ": " + output.toString(StandardCharsets.UTF_8));
        }
        return file;
    }
}
