package io.adstream.local.traffic;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C as a request: the run ends after the record at hand, and its report is printed before the
 * process goes.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {

    private static final long GRACE_SECONDS = 3;
    private static final long REPORT_SECONDS = 15;

    private final CountDownLatch reported = new CountDownLatch(1);
    private final Thread run = Thread.currentThread();
    private final Thread hook = new Thread(this::stopAndWait, "traffic-stop");
    private volatile boolean stopped;

    /** Listens until closed, on behalf of the thread that calls. */
    StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public boolean getAsBoolean() {
        return stopped;
    }

    private void stopAndWait() {
        stopped = true;
        try {
            if (!reported.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                // It waits for a broker that is away.
                run.interrupt();
                if (!reported.await(REPORT_SECONDS, TimeUnit.SECONDS)) {
                    System.err.println("Stopped without a report.");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        reported.countDown();
        if (!stopped) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process is ending, and the hook has just run.
                stopped = true;
            }
        }
    }
}
