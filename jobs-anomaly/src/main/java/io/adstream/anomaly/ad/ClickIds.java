package io.adstream.anomaly.ad;

import java.util.ArrayList;
import java.util.List;

/**
 * Ids of some clicks, for people who look into an alert. The least in their order as text are kept,
 * so that neither the order of arrival nor the parallelism makes a difference.
 */
final class ClickIds {

    static final int MOST = 3;

    private final ArrayList<String> least = new ArrayList<>(0);

    void add(String id) {
        int at = least.size();
        while (at > 0 && least.get(at - 1).compareTo(id) > 0) {
            at--;
        }
        if (at == MOST) {
            return;
        }
        if (least.size() == MOST) {
            least.remove(MOST - 1);
        }
        least.add(at, id);
    }

    List<String> list() {
        return least.isEmpty() ? List.of() : List.copyOf(least);
    }

    void clear() {
        least.clear();
    }
}
