package io.adstream.budget.campaign;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds what has changed from one reading of {@code budget.campaigns} to the next. */
public final class CampaignChanges {

    private @Nullable Map<String, Campaign> known;

    /**
     * What a reading changes. The first one gives all rows, between {@link
     * ControlSignal.Kind#READING} and {@link ControlSignal.Kind#READ}.
     */
    public List<ControlSignal> in(List<Campaign> rows) {
        List<ControlSignal> changes = new ArrayList<>();
        Map<String, Campaign> before = known;
        Map<String, Campaign> now = new HashMap<>();
        if (before == null) {
            changes.add(ControlSignal.of(ControlSignal.Kind.READING));
        }
        for (Campaign row : rows) {
            now.put(row.id(), row);
            if (before == null || !row.equals(before.get(row.id()))) {
                changes.add(ControlSignal.campaign(row));
            }
        }
        if (before == null) {
            changes.add(ControlSignal.of(ControlSignal.Kind.READ));
        } else {
            for (String id : before.keySet()) {
                if (!now.containsKey(id)) {
                    changes.add(ControlSignal.removed(id));
                }
            }
        }
        known = now;
        return changes;
    }
}
