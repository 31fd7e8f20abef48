package io.adstream.local;

/** A command that cannot do its work. The message is for the user: what is wrong, what to do. */
public final class CommandFailure extends RuntimeException {

    private final int exitCode;

    public CommandFailure(String message) {
        this(ExitCode.FAILURE, message);
    }

    public CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public CommandFailure(String message, Throwable cause) {
        super(message, cause);
        this.exitCode = ExitCode.FAILURE;
    }

    /** What the command exits with. */
    public int exitCode() {
        return exitCode;
    }
}
