package io.adstream.testing.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A process and all its descendants, addressed together. */
final class ProcessTree {

    private ProcessTree() {}

    /** Sends SIGSTOP to the process first, so that it makes no new children, then to the rest. */
    static void pause(long pid) {
        signal("STOP", List.of(pid));
        signal("STOP", descendants(pid));
    }

    static void resume(long pid) {
        List<Long> all = descendants(pid);
        all.add(pid);
        signal("CONT", all);
    }

    /** Kills with signal 9 (works on frozen processes too) and waits until all are gone. */
    static void kill(long pid) {
        List<ProcessHandle> all = new ArrayList<>();
        ProcessHandle.of(pid).ifPresent(all::add);
        ProcessHandle.of(pid).map(ProcessHandle::descendants).ifPresent(s -> s.forEach(all::add));
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(ProcessTree::awaitExit);
    }

    static void awaitExit(ProcessHandle process) {
        try {
            process.onExit().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a process", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("process " + process.pid() + " does not end", e);
        }
    }

    private static List<Long> descendants(long pid) {
        return new ArrayList<>(
                ProcessHandle.of(pid)
                        .map(ProcessHandle::descendants)
                        .orElseGet(Stream::empty)
                        .map(ProcessHandle::pid)
                        .toList());
    }

    private static void signal(String name, List<Long> pids) {
        if (pids.isEmpty()) {
            return;
        }
        StringBuilder command = new StringBuilder("kill -").append(name);
        pids.forEach(pid -> command.append(' ').append(pid));
        try {
            // The shell's own kill: a slim image has no other. A child that is gone is no error.
            new ProcessBuilder("sh", "-c", command + " 2>/dev/null; true").start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run: " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running: " + command, e);
        }
    }
}
