package io.adstream.testing.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The clicks that really led to conversions, as the traffic simulator has labelled them, held
 * against what was attributed.
 *
 * <p>Attribution knows ids, not people: a click of the same device that led to nothing may be
 * credited, and one on another device cannot be found. So equality is no goal. What must hold: a
 * conversion whose session holds a click of its journey is matched by session; else, one whose
 * device does, by device; in both cases with all those clicks in its path, and none older than the
 * newest of them credited; every other one not by session. {@link #report} tells how often the
 * credited click is the one that led to the conversion last.
 */
public final class JourneyTruth {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration WINDOW = Duration.ofHours(24);

    private final Map<String, Journey> journeys = new HashMap<>();

    private JourneyTruth() {}

    private record Touch(String clickId, Instant clickTime, String sessionId, String deviceId) {}

    private record Journey(
            String conversionId,
            Instant time,
            String sessionId,
            String deviceId,
            String reach,
            List<Touch> touches) {

        /** The clicks that an id of the conversion leads to. */
        List<Touch> reached() {
            return touches.stream()
                    .filter(touch -> !touch.clickTime.isBefore(time.minus(WINDOW)))
                    .filter(
                            touch ->
                                    switch (reach) {
                                        case "SESSION" -> touch.sessionId.equals(sessionId);
                                        case "DEVICE" -> touch.deviceId.equals(deviceId);
                                        default -> false;
                                    })
                    .toList();
        }

        boolean hasTouch(@Nullable String clickId) {
            return touches.stream().anyMatch(touch -> touch.clickId.equals(clickId));
        }

        boolean endsWith(@Nullable String clickId) {
            return !touches.isEmpty() && touches.get(touches.size() - 1).clickId.equals(clickId);
        }
    }

    /** Reads a file of {@code traffic --labels}. */
    public static JourneyTruth of(Path labels) throws IOException {
        JourneyTruth truth = new JourneyTruth();
        for (String line : Files.readAllLines(labels)) {
            JsonNode label = line.isBlank() ? JSON.nullNode() : JSON.readTree(line);
            if (label.has("touches") && label.path("expected").asText().equals("VALID")) {
                truth.add(label);
            }
        }
        return truth;
    }

    private void add(JsonNode label) {
        List<Touch> touches = new ArrayList<>();
        for (JsonNode touch : label.required("touches")) {
            touches.add(
                    new Touch(
                            touch.required("click_id").textValue(),
                            Instant.parse(touch.required("click_time").textValue()),
                            touch.required("session_id").textValue(),
                            touch.required("device_id").textValue()));
        }
        String id = label.required("event_id").textValue();
        journeys.put(
                id,
                new Journey(
                        id,
                        Instant.parse(label.required("event_time").textValue()),
                        label.required("session_id").textValue(),
                        label.required("device_id").textValue(),
                        label.required("reach").textValue(),
                        touches));
    }

    /** How many journeys are known. */
    public int size() {
        return journeys.size();
    }

    /**
     * Compares what must hold with results; conversions whose journey is not known are left out.
     */
    public Comparison compare(Collection<AttributionResult> results) {
        Comparison comparison = new Comparison("journeys");
        Set<String> seen = new HashSet<>();
        for (AttributionResult result : results) {
            Journey journey = journeys.get(result.conversionId());
            if (journey != null) {
                comparison.compared();
                seen.add(journey.conversionId);
                compare(journey, result, comparison);
            }
        }
        journeys.keySet().stream()
                .filter(id -> !seen.contains(id))
                .forEach(id -> comparison.differs(id + ": no result"));
        return comparison;
    }

    private static void compare(Journey journey, AttributionResult result, Comparison comparison) {
        boolean bySession = "SESSION".equals(result.match());
        if (journey.reach.equals("NONE")) {
            if (bySession) {
                comparison.differs(journey + " has no click in its session, found " + result);
            }
            return;
        }
        Set<String> path = new HashSet<>();
        result.path().forEach(touch -> path.add(touch.clickId()));
        List<Touch> reached = journey.reached();
        boolean complete =
                result.pathTruncated()
                        || reached.stream().allMatch(touch -> path.contains(touch.clickId));
        boolean newest =
                result.clickTime() != null
                        && reached.stream()
                                .noneMatch(touch -> touch.clickTime.isAfter(result.clickTime()));
        if (!journey.reach.equals(result.match()) || !complete || !newest) {
            comparison.differs(journey + " is not what was found: " + result);
        }
    }

    /** How often the click that led to a conversion is the one that is credited, in a sentence. */
    public String report(Collection<AttributionResult> results) {
        int last = 0;
        int other = 0;
        int foreign = 0;
        int none = 0;
        for (AttributionResult result : results) {
            Journey journey = journeys.get(result.conversionId());
            if (journey == null) {
                continue;
            }
            if (result.clickId() == null) {
                none++;
            } else if (journey.endsWith(result.clickId())) {
                last++;
            } else if (journey.hasTouch(result.clickId())) {
                other++;
            } else {
                foreign++;
            }
        }
        int all = Math.max(1, last + other + foreign + none);
        return String.format(
                Locale.ROOT,
                "of %,d known journeys %.1f %% are credited to their last click, %.1f %% to another"
                        + " of their clicks, %.1f %% to a click that led to nothing, %.1f %% to none",
                last + other + foreign + none,
                100.0 * last / all,
                100.0 * other / all,
                100.0 * foreign / all,
                100.0 * none / all);
    }
}
