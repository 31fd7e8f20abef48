package io.adstream.local.traffic;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a log, plain or gzip (by its first bytes, whatever its name). Blank lines are left
 * out and counted; a carriage return before the line feed and a byte order mark of the file are not
 * part of a record.
 */
final class LogFile implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private int position;
    private int limit;
    private long lines;
    private long blank;

    LogFile(Path path) throws IOException {
        BufferedInputStream file = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        try {
            file.mark(2);
            boolean gzip = file.read() == 0x1f && file.read() == 0x8b;
            file.reset();
            in = gzip ? new GZIPInputStream(file, BUFFER) : file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** The next line that is not blank, or null at the end. */
    byte @Nullable [] next() throws IOException {
        byte[] line = readLine();
        while (line != null && isBlank(line)) {
            blank++;
            line = readLine();
        }
        return line;
    }

    /** Lines read so far, blank ones included. */
    long lines() {
        return lines;
    }

    /** Blank lines left out so far. */
    long blankLines() {
        return blank;
    }

    private byte @Nullable [] readLine() throws IOException {
        partial.reset();
        boolean any = false;
        while (true) {
            if (position == limit) {
                limit = in.read(buffer);
                position = 0;
                if (limit <= 0) {
                    limit = 0;
                    return any ? line() : null;
                }
            }
            any = true;
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            partial.write(buffer, position, end - position);
            position = Math.min(end + 1, limit);
            if (end < limit) {
                return line();
            }
        }
    }

    private byte[] line() {
        byte[] bytes = partial.toByteArray();
        int from = 0;
        int to = bytes.length;
        if (to > 0 && bytes[to - 1] == '\r') {
            to--;
        }
        if (lines == 0
                && to >= 3
                && bytes[0] == (byte) 0xef
                && bytes[1] == (byte) 0xbb
                && bytes[2] == (byte) 0xbf) {
            from = 3;
        }
        lines++;
        return from == 0 && to == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, to);
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
