package io.adstream.local.traffic;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One line that is written anew each second, for a person who watches. */
final class ProgressLine implements AutoCloseable {

    private static final int WIDTH = 100;

    private final PrintWriter out;
    private final RecordSink sink;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "traffic-progress");
                        thread.setDaemon(true);
                        return thread;
                    });
    private volatile long sent;
    private volatile long eventTime = Long.MIN_VALUE;
    private long sentBefore;
    private long deliveredBefore;
    private int silentSeconds;

    ProgressLine(PrintWriter out, RecordSink sink) {
        this.out = out;
        this.sink = sink;
        // The future says nothing: the line is written until close.
        var unused = clock.scheduleAtFixedRate(this::write, 1, 1, TimeUnit.SECONDS);
    }

    void at(long records, long time) {
        sent = records;
        eventTime = time;
    }

    private void write() {
        long records = sent;
        long delivered = sink.delivered();
        silentSeconds = records > delivered && delivered == deliveredBefore ? silentSeconds + 1 : 0;
        String line =
                silentSeconds >= 3
                        ? String.format(
                                Locale.ROOT,
                                "%,d sent, waiting for Kafka for %d s",
                                delivered,
                                silentSeconds)
                        : String.format(
                                Locale.ROOT,
                                "%,d sent, %,d/s%s",
                                records,
                                records - sentBefore,
                                eventTime == Long.MIN_VALUE
                                        ? ""
                                        : ", event time "
                                                + Instant.ofEpochMilli(eventTime)
                                                        .truncatedTo(ChronoUnit.SECONDS));
        sentBefore = records;
        deliveredBefore = delivered;
        out.print('\r' + line + " ".repeat(Math.max(0, WIDTH - line.length())));
        out.flush();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        out.print('\r' + " ".repeat(WIDTH) + '\r');
        out.flush();
    }
}
