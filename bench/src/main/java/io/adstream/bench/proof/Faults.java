package io.adstream.bench.proof;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;

/** Harms a running system, one blow after the other, each followed by a rest. */
final class Faults {

    private static final Duration FREEZE = Duration.ofSeconds(30);

    private final AdstreamCli adstream;
    private final Duration rest;
    private final PrintStream out;
    private final long startedAt = System.nanoTime();

    Faults(AdstreamCli adstream, Duration rest, PrintStream out) {
        this.adstream = adstream;
        this.rest = rest;
        this.out = out;
    }

    /** All of them: what the issue of a job that survives everything asks for. */
    void strike() throws IOException, InterruptedException {
        pause(rest);
        kill("taskmanager-1");
        kill("taskmanager-2");
        freeze("redis");
        kill("taskmanager-1");
        kill("jobmanager");
        freeze("postgres");
        kill("taskmanager-2");
        emptyRedis();
        kill("taskmanager-1");
    }

    private void kill(String process) throws IOException, InterruptedException {
        long pid = adstream.pid(process);
        say("kill -9 of " + process + ", pid " + pid);
        signal("-KILL", pid);
        pause(rest);
    }

    private void freeze(String process) throws IOException, InterruptedException {
        long pid = adstream.pid(process);
        List<Long> all =
                ProcessHandle.of(pid)
                        .map(
                                parent ->
                                        java.util.stream.Stream.concat(
                                                        java.util.stream.Stream.of(parent),
                                                        parent.descendants())
                                                .map(ProcessHandle::pid)
                                                .toList())
                        .orElse(List.of(pid));
        say(process + " stands still for " + FREEZE.toSeconds() + " s");
        for (long one : all) {
            signal("-STOP", one);
        }
        try {
            pause(FREEZE);
        } finally {
            for (long one : all) {
                signal("-CONT", one);
            }
        }
        pause(rest);
    }

    /** Redis loses everything and comes back as another server. */
    private void emptyRedis() throws IOException, InterruptedException {
        say("redis loses everything and is killed");
        long pid = adstream.pid("redis");
        String address = adstream.status().path("redis").asText();
        try (Jedis redis = new Jedis(URI.create("redis://" + address))) {
            redis.flushAll();
        }
        signal("-KILL", pid);
        pause(rest);
    }

    private void say(String what) {
        out.printf(
                "%5d s  %s%n", Duration.ofNanos(System.nanoTime() - startedAt).toSeconds(), what);
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", name, Long.toString(pid)).inheritIO().start().waitFor();
    }

    static void pause(Duration time) throws InterruptedException {
        // Nothing ever counts this latch down: it is a wait that an interrupt ends.
        boolean unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
