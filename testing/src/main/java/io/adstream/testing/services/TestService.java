package io.adstream.testing.services;

/** A running server on a loopback port of its own. */
public interface TestService extends AutoCloseable {

    /** Host that clients connect to. */
    String host();

    /** Port that clients connect to; stays the same over restarts. */
    int port();

    /** Stops the server and removes what it stored. Closing twice is harmless. */
    @Override
    void close();
}
