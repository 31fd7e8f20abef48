package io.adstream.local.traffic;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes each topic to a file, one record per line. A file named {@code .gz} is compressed. */
final class NdjsonFiles implements RecordSink {

    private final Map<String, OutputStream> files = new HashMap<>();
    private long delivered;

    /**
     * Opens the files; what they held before is lost.
     *
     * @param paths the file of each topic
     */
    NdjsonFiles(Map<String, Path> paths) throws IOException {
        for (Map.Entry<String, Path> entry : paths.entrySet()) {
            files.put(entry.getKey(), open(entry.getValue()));
        }
    }

    /**
     * Opens the files of the input topics.
     *
     * @param commerceFile null where no commerce events are written
     */
    static NdjsonFiles ofInput(Path adFile, @Nullable Path commerceFile) throws IOException {
        Map<String, Path> paths = new HashMap<>();
        paths.put(InputTopic.AD_EVENTS.topic(), adFile);
        if (commerceFile != null) {
            paths.put(InputTopic.COMMERCE_EVENTS.topic(), commerceFile);
        }
        return new NdjsonFiles(paths);
    }

    static OutputStream open(Path path) throws IOException {
        OutputStream file = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16);
        return path.toString().endsWith(".gz") ? new GZIPOutputStream(file, 1 << 16) : file;
    }

    @Override
    public void send(
            String topic, byte @Nullable [] key, byte @Nullable [] value, @Nullable String expected)
            throws IOException {
        OutputStream file = files.get(topic);
        if (file == null || value == null) {
            throw new IllegalArgumentException("A record of " + topic + " cannot be a line");
        }
        file.write(value);
        file.write('\n');
        delivered++;
    }

    @Override
    public void flush() {}

    @Override
    public long delivered() {
        return delivered;
    }

    @Override
    public long tooLarge() {
        return 0;
    }

    @Override
    public @Nullable String failure() {
        return null;
    }

    @Override
    public void close() throws IOException {
        for (OutputStream file : files.values()) {
            file.close();
        }
    }
}
