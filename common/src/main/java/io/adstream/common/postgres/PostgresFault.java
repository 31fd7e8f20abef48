package io.adstream.common.postgres;

import java.sql.SQLException;
import java.util.Set;

/** What an error of PostgreSQL or of the way to it means to a writer. */
enum PostgresFault {
    /** The server or the way to it is away; another connection is needed. */
    AWAY("Check that it runs, has connections left and that the network leads there."),
    /** The connection is fine, the statement may succeed later. */
    BUSY("See pg_locks and pg_stat_activity for who holds the table, and the space on the disk."),
    /** The rows themselves are refused, one of them or several. */
    DATA("Correct the row at its origin or the constraint, then restart the job."),
    /** Nothing that waiting would change. */
    LASTING("Check role, grants and that the migrations were applied, then restart the job.");

    /** The statement took longer than the session allows; also: somebody cancelled it. */
    static final String STATEMENT_TIMEOUT = "57014";

    private static final Set<String> BUSY_STATES =
            Set.of("40001", "40P01", "55P03", "55006", STATEMENT_TIMEOUT);
    private static final Set<String> AWAY_STATES = Set.of("0A000", "25006", "25P02", "26000");

    private final String advice;

    PostgresFault(String advice) {
        this.advice = advice;
    }

    /** What an operator can do. */
    String advice() {
        return advice;
    }

    /** Reads the SQLSTATE. */
    static PostgresFault of(SQLException e) {
        String state = e.getSQLState();
        if (state == null || state.length() != 5) {
            return AWAY; // the driver's own complaint about the connection
        }
        if (BUSY_STATES.contains(state)) {
            return BUSY;
        }
        if (AWAY_STATES.contains(state)) {
            return AWAY;
        }
        return switch (state.substring(0, 2)) {
            // connection, operator intervention, system error, internal error
            case "08", "57", "58", "XX" -> AWAY;
            // out of disk, memory, connections
            case "53" -> state.equals("53300") ? AWAY : BUSY;
            // data exception, integrity constraint, program limit
            case "22", "23", "54" -> DATA;
            default -> LASTING;
        };
    }
}
