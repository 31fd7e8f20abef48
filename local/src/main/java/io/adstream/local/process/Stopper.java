package io.adstream.local.process;

import io.adstream.local.CommandFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends processes: asked first, killed when they do not within their grace. */
public final class Stopper {

    private static final Duration KILLED = Duration.ofSeconds(10);

    private Stopper() {}

    /**
     * Ends a process and waits for its end. Does nothing where this very process runs no more.
     *
     * @return whether it ended in good order or was not running
     */
    public static boolean stop(ProcessIdentity process, StopSignal signal, Duration grace) {
        ProcessHandle handle = process.handle().orElse(null);
        if (handle == null) {
            return true;
        }
        List<ProcessHandle> family = handle.descendants().toList();
        send(handle, signal);
        if (awaitEnd(process, grace)) {
            return true;
        }
        process.handle().ifPresent(ProcessHandle::destroyForcibly);
        family.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(process, KILLED);
        return false;
    }

    /** Waits until this process has ended; false where it runs still after that time. */
    public static boolean awaitEnd(ProcessIdentity process, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (process.isAlive()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            ProcessHandle handle = process.handle().orElse(null);
            if (handle == null) {
                return true;
            }
            try {
                // In slices: nobody may be there to reap a foreign process, which then only
                // looks as if it ran.
                handle.onExit().get(100, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                // Looked at again.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailure("interrupted while a process was stopping", e);
            }
        }
        return true;
    }

    private static void send(ProcessHandle process, StopSignal signal) {
        if (signal == StopSignal.TERM) {
            process.destroy();
            return;
        }
        try {
            // The shell's own kill: a slim image has no other.
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while a process was stopping", e);
        }
    }
}
