package io.adstream.budget.sync;

import io.adstream.budget.row.SyncAudit;
import io.adstream.budget.row.SyncAudit.Action;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All counters of one cut beside their deductions, and what is to be done about them.
 *
 * <p>Where more than {@link #SYSTEMIC_PERCENT} of the campaigns drift at once, and it is more than
 * one, the fault is not theirs: nothing is corrected.
 */
final class Comparison {

    /** Percent of the campaigns above which drift is nobody's own. */
    static final int SYSTEMIC_PERCENT = 20;

    /**
     * One counter.
     *
     * @param drift null where the counter was absent
     */
    record Check(CounterSample sample, Deduction deduction, @Nullable Drift drift) {

        /** Whether the counter must get its value, or what its Redis has lost of it. */
        boolean isLost() {
            return drift == null
                    || (deduction.afterLoss()
                            && drift.outcome() == Drift.Outcome.DRIFTED
                            && drift.amount() < 0);
        }

        boolean hasDrifted() {
            return drift != null && drift.outcome() == Drift.Outcome.DRIFTED && !isLost();
        }

        Action action(boolean suspended) {
            if (isLost()) {
                return Action.SEEDED;
            }
            if (hasDrifted()) {
                return suspended ? Action.SUSPENDED : Action.CORRECTED;
            }
            return drift != null && drift.outcome() == Drift.Outcome.IN_FLIGHT
                    ? Action.IN_FLIGHT
                    : Action.OK;
        }

        /** What is done to the counter, or null. */
        @Nullable CounterCorrection correction(Action action) {
            if (action != Action.SEEDED && action != Action.CORRECTED) {
                return null;
            }
            return new CounterCorrection(
                    sample.campaignId(),
                    sample.date(),
                    sample.cut(),
                    sample.counter(),
                    drift == null ? deduction.deduction() : -drift.amount(),
                    sample.version());
        }

        SyncAudit audit(Action action, @Nullable CounterCorrection correction, long at) {
            return new SyncAudit(
                    sample.campaignId(),
                    sample.date(),
                    sample.cut(),
                    sample.counter(),
                    deduction.deduction(),
                    drift == null ? null : drift.amount(),
                    action,
                    correction == null ? null : correction.amount(),
                    at);
        }
    }

    private final List<Check> checks = new ArrayList<>();
    private final Set<String> campaigns = new HashSet<>();
    private final Set<String> drifting = new HashSet<>();

    /** Compares a counter. One that neither exists nor should is left out. */
    void add(CounterSample sample, Deduction deduction) {
        Long counter = sample.counter();
        if (counter == null && deduction.deduction() == 0) {
            return;
        }
        Check check =
                new Check(sample, deduction, counter == null ? null : Drift.of(counter, deduction));
        checks.add(check);
        campaigns.add(sample.campaignId());
        if (check.hasDrifted()) {
            drifting.add(sample.campaignId());
        }
    }

    List<Check> checks() {
        return checks;
    }

    int campaigns() {
        return campaigns.size();
    }

    int drifting() {
        return drifting.size();
    }

    /** Whether too many campaigns drift at once. */
    boolean isSystemic() {
        return drifting.size() > 1
                && drifting.size() * 100L > (long) SYSTEMIC_PERCENT * campaigns.size();
    }
}
