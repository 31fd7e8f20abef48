package io.adstream.local;

/** What the command exits with; a contract with scripts. */
public final class ExitCode {

    /** Done. */
    public static final int OK = 0;

    /** Not done, or {@code status --check} found something wrong; the message says what. */
    public static final int FAILURE = 1;

    /** An option or argument is wrong; nothing was tried. */
    public static final int USAGE = 2;

    /** The system is not up, which the command needs. */
    public static final int NOT_UP = 3;

    private ExitCode() {}
}
