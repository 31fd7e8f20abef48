package io.adstream.local.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The end of a log file. */
public final class LogTail {

    private static final int BYTES_PER_LINE = 400;

    private LogTail() {}

    /** The last lines of a file, at most {@code count}; none where it cannot be read. */
    public static List<String> of(Path file, int count) {
        try (RandomAccessFile input = new RandomAccessFile(file.toFile(), "r")) {
            long size = input.length();
            int wanted = (int) Math.min(size, Math.max(1L << 16, (long) count * BYTES_PER_LINE));
            byte[] bytes = new byte[wanted];
            input.seek(size - wanted);
            input.readFully(bytes);
            List<String> lines =
                    new ArrayList<>(new String(bytes, StandardCharsets.UTF_8).lines().toList());
            if (wanted < size && !lines.isEmpty()) {
                lines.remove(0);
            }
            return List.copyOf(lines.subList(Math.max(0, lines.size() - count), lines.size()));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The end of what a process logged, or of what it printed where it did not come to log. */
    public static List<String> of(ProcessSpec spec, int count) {
        List<String> printed = of(spec.output(), count);
        if (spec.output().equals(spec.log())) {
            return printed;
        }
        List<String> logged = of(spec.log(), count);
        return printed.isEmpty() || newer(spec.log(), spec.output()) ? logged : printed;
    }

    private static boolean newer(Path file, Path other) {
        try {
            return Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(other)) >= 0;
        } catch (IOException e) {
            return false;
        }
    }
}
