package io.adstream.attribution.result;

import io.adstream.attribution.Tier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one result of a conversion.
 *
 * @param revision 1; a restatement has a higher one
 * @param reason why no click is credited; null where one is
 * @param match by which id the clicks were found; null where none is credited
 * @param path the touches in time order, the last of which is credited officially; empty where none
 *     is credited
 * @param pathTruncated whether touches were left out of the path since they were too many
 * @param conversionTime epoch milliseconds
 * @param value of the conversion, micros
 */
public record Attribution(
        String conversionId,
        int revision,
        Status status,
        @Nullable Reason reason,
        @Nullable Tier match,
        List<CreditedTouch> path,
        boolean pathTruncated,
        long conversionTime,
        long value) {

    /** Whether a click is credited. */
    public enum Status {
        ATTRIBUTED,
        UNATTRIBUTED
    }

    /** Why no click is credited. */
    public enum Reason {
        /** Neither the session nor the device of the conversion can be told from others. */
        NO_IDENTITY,
        /** There was no click that counts. */
        NO_CLICK,
        /** The conversion came after the clicks before it could be known. */
        LATE
    }

    /** The touch that is credited officially, or null. */
    public @Nullable CreditedTouch credited() {
        return path.isEmpty() ? null : path.get(path.size() - 1);
    }

    /** Milliseconds from the credited click to the conversion, or null. */
    public @Nullable Long lagMillis() {
        CreditedTouch credited = credited();
        return credited == null ? null : conversionTime - credited.touch().clickTime();
    }
}
