package io.adstream.metrics.progress;

import io.adstream.common.postgres.PostgresTable;

/**
 * How far the job's results are final, for {@code realtime.progress}.
 *
 * @param job the job's short name
 * @param watermark event time that all subtasks have reached, epoch milliseconds
 * @param finalBefore windows that end by then are in every store and can no longer be amended
 * @param updatedAt wall clock, epoch milliseconds
 */
public record Progress(String job, long watermark, long finalBefore, long updatedAt) {

    /** The table {@code realtime.progress}: one row per job that only moves on. */
    public static PostgresTable<Progress> table() {
        return PostgresTable.<Progress>named("realtime.progress")
                .text("job", Progress::job)
                .timestamp("watermark", Progress::watermark)
                .timestamp("final_before", Progress::finalBefore)
                .timestamp("updated_at", Progress::updatedAt)
                .key(Progress::job, "job")
                .replaceWhere("t.watermark is null or excluded.watermark >= t.watermark")
                .build();
    }
}
