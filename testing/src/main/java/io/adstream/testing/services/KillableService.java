package io.adstream.testing.services;

/**
 * A server in processes of its own, which a fault test may stop, kill, freeze and start again. Port
 * and data directory stay the same.
 */
public interface KillableService extends TestService {

    /** Starts the server and waits until it answers. Does nothing where it runs already. */
    void start();

    /** Ends the server in order. */
    void stop();

    /** Kills every process of the server with signal 9 and waits until they are gone. */
    void kill();

    /** Freezes every process of the server (SIGSTOP): connections stay open, nothing answers. */
    void pause();

    /** Lets a frozen server go on (SIGCONT). */
    void resume();

    /** Process id of the server. */
    long pid();

    /** Whether the server's process lives (frozen counts as alive). */
    boolean isRunning();
}
