package io.adstream.common.ingest;

import io.adstream.common.event.RejectCode;
import java.util.Arrays;

/**
 * How the records of a topic ended: SPEC's promise that every record ends in exactly one place, as
 * numbers.
 *
 * <p>{@code received} is counted where records enter the job, the rest where each one's fate is
 * decided, so that the sum is a check and not a definition.
 */
public final class IngestCounts {

    private static final RejectCode[] CODES = RejectCode.values();

    public long received;
    public long valid;
    public long duplicate;
    public long late;

    /** Rejected records by {@link RejectCode#ordinal()}. */
    public long[] rejected = new long[CODES.length];

    public void reject(RejectCode code) {
        rejected[code.ordinal()]++;
    }

    public void add(IngestCounts other) {
        received += other.received;
        valid += other.valid;
        duplicate += other.duplicate;
        late += other.late;
        // A stored array is shorter where it was written before a code was added.
        for (int i = 0; i < Math.min(rejected.length, other.rejected.length); i++) {
            rejected[i] += other.rejected[i];
        }
    }

    public long rejectedTotal() {
        return Arrays.stream(rejected).sum();
    }

    /** The rejected records by code as a JSON object, without codes that did not occur. */
    public String rejectedByCode() {
        StringBuilder json = new StringBuilder("{");
        for (RejectCode code : CODES) {
            long count = rejected[code.ordinal()];
            if (count > 0) {
                json.append(json.length() > 1 ? "," : "");
                json.append('"').append(code.name()).append("\":").append(count);
            }
        }
        return json.append('}').toString();
    }
}
