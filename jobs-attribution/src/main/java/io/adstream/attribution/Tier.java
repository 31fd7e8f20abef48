package io.adstream.attribution;

/** By what a conversion and its clicks were found to belong to the same person. */
public enum Tier {
    /** The same {@code session_id}. */
    SESSION,
    /** The same {@code device_id}; counts only where no click of the session does. */
    DEVICE
}
