package io.adstream.budget.sync;

import io.adstream.common.alert.Alert;
import io.adstream.common.alert.AlertIds;
import io.adstream.common.money.Micros;
import io.adstream.common.time.EventTimes;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;

/**
 * Drift as incidents: opened when it is found, resolved by the next comparison that finds none. An
 * entry leaves with its incident.
 */
final class DriftIncidents {

    static final String RULE = "budget-drift";
    private static final int RULE_VERSION = 1;

    private final MapState<String, Alert> open;

    DriftIncidents(RuntimeContext runtime) {
        open =
                runtime.getMapState(
                        new MapStateDescriptor<>(
                                "incidents", Types.STRING, TypeInformation.of(Alert.class)));
    }

    /** A counter has drifted and is corrected. */
    Alert drifted(Deduction deduction, Drift drift, long now) throws Exception {
        double percent = 100.0 * drift.amount() / Math.max(deduction.deduction(), Drift.FLOOR);
        String message =
                "The counter of %s was off by %s (deduction %s); corrected"
                        .formatted(
                                deduction.campaignId(),
                                Micros.format(drift.amount()),
                                Micros.format(deduction.deduction()));
        return next(
                deduction.campaignId(),
                Alert.EntityType.CAMPAIGN,
                Alert.Severity.WARNING,
                deduction.cut(),
                percent,
                Drift.CORRECTED_FROM,
                message,
                now);
    }

    /** A counter is right; resolves what was open about it. */
    @Nullable Alert accurate(Deduction deduction, long now) throws Exception {
        return resolve(
                Alert.EntityType.CAMPAIGN,
                deduction.campaignId(),
                "The counter of " + deduction.campaignId() + " agrees with the deduction",
                now);
    }

    /**
     * Corrections have stopped.
     *
     * @param percent of the campaigns that drift; null where that is not why
     */
    Alert suspended(long cut, String why, @Nullable Double percent, long now) throws Exception {
        String message = "No counter is corrected: at " + EventTimes.format(cut) + " " + why;
        return next(
                Alert.PLATFORM,
                Alert.EntityType.PLATFORM,
                Alert.Severity.CRITICAL,
                cut,
                percent,
                Comparison.SYSTEMIC_PERCENT,
                message,
                now);
    }

    /** Corrections are made; resolves that they were not. */
    @Nullable Alert goesOn(long now) throws Exception {
        return resolve(
                Alert.EntityType.PLATFORM, Alert.PLATFORM, "Counters are corrected again", now);
    }

    private Alert next(
            String entityId,
            Alert.EntityType type,
            Alert.Severity severity,
            long cut,
            @Nullable Double observed,
            double threshold,
            String message,
            long now)
            throws Exception {
        String key = type + ":" + entityId;
        Alert known = open.get(key);
        if (known != null) {
            return known.step(Alert.Status.UPDATE, observed, message, now);
        }
        Alert opened =
                new Alert(
                        AlertIds.of(RULE, type, entityId, EventTimes.format(cut)),
                        RULE,
                        RULE_VERSION,
                        severity,
                        Alert.Status.OPEN,
                        type,
                        entityId,
                        cut,
                        observed,
                        null,
                        threshold,
                        message,
                        List.of(),
                        now);
        open.put(key, opened);
        return opened;
    }

    private @Nullable Alert resolve(
            Alert.EntityType type, String entityId, String message, long now) throws Exception {
        String key = type + ":" + entityId;
        Alert known = open.get(key);
        if (known == null) {
            return null;
        }
        open.remove(key);
        return known.step(Alert.Status.RESOLVED, null, message, now);
    }
}
