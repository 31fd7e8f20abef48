package io.adstream.common.config;

import java.io.Serializable;

/**
 * A password or the like. It travels inside the job graph to the tasks that need it, and shows
 * itself nowhere: {@link #toString()} hides it.
 */
public final class Secret implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /** The secret itself; hand it to the client that needs it and keep it nowhere. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "******";
    }
}
