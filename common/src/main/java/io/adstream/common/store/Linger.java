package io.adstream.common.store;

import java.io.IOException;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.jspecify.annotations.Nullable;

/** Lets writes wait for others a little while, in processing time and on the task's thread. */
public final class Linger implements AutoCloseable {

    /** Writes what waits. */
    @FunctionalInterface
    public interface Drain {
        void run() throws IOException, InterruptedException;
    }

    private final ProcessingTimeService time;
    private final long waitMs;
    private final Drain drain;
    private @Nullable ScheduledFuture<?> timer;

    /**
     * @param time the writer's time service
     * @param waitMs how long the first write that waits may do so, in ms
     * @param drain writes what waits
     */
    public Linger(ProcessingTimeService time, long waitMs, Drain drain) {
        this.time = time;
        this.waitMs = waitMs;
        this.drain = drain;
    }

    /** Something waits: it will be written in time. */
    public void begin() {
        if (timer == null) {
            timer = time.registerTimer(time.getCurrentProcessingTime() + waitMs, this::onTimer);
        }
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void onTimer(long at) throws IOException, InterruptedException {
        timer = null;
        drain.run();
    }
}
