package io.adstream.local;

import java.io.PrintWriter;
import java.util.Locale;

/** Lines with the seconds since the command began. */
final class ProgressLines implements Report {

    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter out;
    private final long began = System.nanoTime();

    ProgressLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public synchronized void say(String message) {
        double seconds = (System.nanoTime() - began) / NANOS_PER_SECOND;
        out.println(String.format(Locale.ROOT, "[%6.1f s] %s", seconds, message));
        out.flush();
    }
}
