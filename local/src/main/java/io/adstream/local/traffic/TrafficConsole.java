package io.adstream.local.traffic;

import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a person at the terminal, or a script, is told of a run. */
final class TrafficConsole {

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private final boolean quiet;
    private final List<String> remarks = new ArrayList<>();

    /**
     * @param out takes the report
     * @param err takes all else
     * @param json whether the report is to be JSON
     * @param quiet no progress line
     */
    TrafficConsole(PrintWriter out, PrintWriter err, boolean json, boolean quiet) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.quiet = quiet;
    }

    void say(String sentence) {
        err.println(sentence);
        err.flush();
    }

    /** Says it, and once more in the report. */
    void remark(String remark) {
        remarks.add(remark);
        say(remark);
    }

    /** A line that shows how the run goes on; null where nobody watches. */
    @Nullable ProgressLine progress(RecordSink sink) {
        boolean watched = !quiet && !json && isTerminal();
        return watched ? new ProgressLine(err, sink) : null;
    }

    /** Prints the report, remarks included. */
    void print(TrafficReport report) {
        remarks.forEach(report::notice);
        out.println(json ? report.toJson() : report.toText());
        out.flush();
    }

    @SuppressWarnings("SystemConsoleNull") // newer Java is asked what it knows
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there is a console even where the output goes into a pipe.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
