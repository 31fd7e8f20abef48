package io.adstream.local.process;

/** A signal that asks a process to end in good order. */
public enum StopSignal {
    TERM,
    INT
}
