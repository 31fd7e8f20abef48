package io.adstream.local.budget;

import io.adstream.budget.account.Share;
import io.adstream.common.money.Micros;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A counter that was looked at twice, and the deduction in between. Money is micros.
 *
 * <p>Where nothing has drifted the deduction lies between the two: it knows all that was counted at
 * the first look, and nothing that was not counted at the second. What it lies outside by is drift
 * for certain; for a campaign that spends nothing meanwhile it is all of it.
 *
 * @param first the counter before the deduction was read; null where there was none
 * @param deduction what the date's clicks have cost
 * @param last the counter after; null where there was none
 * @param version of the last look
 */
public record CounterFinding(
        String campaignId,
        LocalDate date,
        @Nullable Long first,
        long deduction,
        @Nullable Long last,
        String version) {

    private static final int CORRECTED_FROM = 5;

    /** By how much the counter is too high, or too low where negative; 0 where it is absent. */
    public long drift() {
        if (first == null || last == null) {
            return 0;
        }
        return deduction < first ? first - deduction : deduction > last ? last - deduction : 0;
    }

    /** Whether the counter has to be set anew. */
    public boolean isAbsent() {
        return last == null && deduction > 0;
    }

    /** Whether the counter is off by so much that the job would correct it. */
    public boolean hasDrifted() {
        return Share.reaches(Math.abs(drift()), Math.max(deduction, Micros.ONE), CORRECTED_FROM);
    }

    /** Whether something is to be done. */
    public boolean needsRepair() {
        return isAbsent() || hasDrifted();
    }
}
