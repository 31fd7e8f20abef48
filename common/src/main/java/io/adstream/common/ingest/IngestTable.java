package io.adstream.common.ingest;

import io.adstream.common.postgres.PostgresTable;

/** The table {@code realtime.ingest_1min}: totals per job, topic and minute. */
public final class IngestTable {

    private IngestTable() {}

    /**
     * The table for the totals of one job.
     *
     * @param job the job's short name
     */
    public static PostgresTable<IngestDelta> of(String job) {
        return PostgresTable.<IngestDelta>named("realtime.ingest_1min")
                .text("job", total -> job)
                .text("topic", total -> total.topic)
                .timestamp("minute", total -> total.minute)
                .bigint("received", total -> total.counts.received)
                .bigint("valid", total -> total.counts.valid)
                .bigint("duplicate", total -> total.counts.duplicate)
                .bigint("late", total -> total.counts.late)
                .bigint("rejected", total -> total.counts.rejectedTotal())
                .jsonb("by_code", total -> total.counts.rejectedByCode())
                .key(total -> total.topic + "@" + total.minute, "job", "topic", "minute")
                .order((later, earlier) -> later.counts.received >= earlier.counts.received)
                .replaceWhere("excluded.received >= t.received")
                .build();
    }
}
