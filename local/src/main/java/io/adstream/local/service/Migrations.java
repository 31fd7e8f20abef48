package io.adstream.local.service;

import io.adstream.local.CommandFailure;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;

/** The tables of all jobs, by the SQL migrations in {@code conf/sql}. */
public final class Migrations {

    private Migrations() {}

    /**
     * Brings the database to the newest version.
     *
     * @param folder the folder with the migrations
     * @return how many were applied
     */
    public static int apply(Path folder, String url, String user, String password) {
        try {
            MigrateResult result =
                    Flyway.configure()
                            .dataSource(url, user, password)
                            .locations("filesystem:" + folder)
                            .load()
                            .migrate();
            return result.migrationsExecuted;
        } catch (FlywayException e) {
            throw new CommandFailure(
                    "The tables cannot be brought up to date: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                            + " (a database of another version can be emptied with up --fresh).",
                    e);
        }
    }
}
