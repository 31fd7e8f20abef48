package io.adstream.local.process;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Passes on what is appended to a file. */
public final class FileRelay {

    private static final int CHUNK = 1 << 16;

    private final Path file;
    private final PrintWriter out;
    private long position;

    private FileRelay(Path file, PrintWriter out, long position) {
        this.file = file;
        this.out = out;
        this.position = position;
    }

    /** Passes on what is appended from now on. */
    public static FileRelay fromEnd(Path file, PrintWriter out) {
        long size = 0;
        try {
            size = Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            // Not there yet: everything that will be in it is new.
        }
        return new FileRelay(file, out, size);
    }

    /** Passes on what was appended since the last call, up to its last whole line. */
    public void pass() {
        try (RandomAccessFile input = new RandomAccessFile(file.toFile(), "r")) {
            if (input.length() < position) {
                // Rolled: another file has the name now.
                position = 0;
            }
            input.seek(position);
            byte[] chunk = new byte[CHUNK];
            for (int read = input.read(chunk); read > 0; read = input.read(chunk)) {
                int whole = endOfLines(chunk, read);
                if (whole == 0) {
                    break;
                }
                out.print(new String(chunk, 0, whole, StandardCharsets.UTF_8));
                position += whole;
                input.seek(position);
            }
            out.flush();
        } catch (IOException e) {
            // Not there yet.
            return;
        }
    }

    private static int endOfLines(byte[] chunk, int length) {
        for (int i = length; i > 0; i--) {
            if (chunk[i - 1] == '\n') {
                return i;
            }
        }
        // A line longer than that is passed on in pieces.
        return length == CHUNK ? length : 0;
    }
}
