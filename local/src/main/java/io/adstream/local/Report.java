package io.adstream.local;

/** Where a command that takes its time says how far it is. */
public interface Report {

    /** Says one thing, in a line or a few. */
    void say(String message);
}
