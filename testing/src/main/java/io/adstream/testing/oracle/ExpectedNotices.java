package io.adstream.testing.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The thresholds, pauses and resumptions that {@code budget-management} must tell of, where nobody
 * changes a row of the table meanwhile.
 *
 * <p>Whether a date was still open when it crossed depends on watermarks. So a pause must be there
 * where clicks that came in time have crossed, and may be there where all clicks together have.
 */
public final class ExpectedNotices {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int[] THRESHOLDS = {50, 80, 95, 100};
    private static final int PAUSE_AT = 95;

    private final ExpectedSpend spend;
    private final Map<String, BigDecimal> budgets;
    private final Set<String> knownLater = new HashSet<>();

    /**
     * @param budgets of the campaigns of the table that have one, above 0
     */
    public ExpectedNotices(ExpectedSpend spend, Map<String, BigDecimal> budgets) {
        this.spend = spend;
        this.budgets = budgets;
    }

    /** These campaigns came into the table when they had spent already: no pause must be there. */
    public ExpectedNotices knownLater(Set<String> campaigns) {
        knownLater.addAll(campaigns);
        return this;
    }

    /**
     * Compares all records of the topic.
     *
     * @param passed what the watermark has passed: dates that were over by then hold nobody paused
     */
    public Comparison compare(List<ConsumerRecord<byte[], byte[]>> records, Instant passed) {
        Comparison comparison = new Comparison("budget-management");
        Map<String, Integer> thresholds = new TreeMap<>();
        Map<String, List<JsonNode>> pauses = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            JsonNode notice = json(record.value());
            switch (notice.get("type").asText()) {
                case "BUDGET_THRESHOLD" ->
                        thresholds.merge(
                                date(notice) + " " + notice.get("threshold").asInt(),
                                1,
                                Integer::sum);
                case "CAMPAIGN_PAUSED", "CAMPAIGN_RESUMED" ->
                        pauses.computeIfAbsent(
                                        notice.get("campaign_id").asText(),
                                        campaign -> new ArrayList<>())
                                .add(notice);
                default -> {
                    // Comparisons of counters are not known here.
                }
            }
        }
        compareThresholds(thresholds, comparison);
        comparePauses(pauses, passed, comparison);
        return comparison;
    }

    private void compareThresholds(Map<String, Integer> told, Comparison comparison) {
        Map<String, Integer> expected = new HashMap<>();
        spend.dates()
                .forEach(
                        (date, spent) -> {
                            for (int threshold : THRESHOLDS) {
                                if (reaches(date, spent, threshold)) {
                                    expected.put(date + " " + threshold, 1);
                                }
                            }
                        });
        expected.forEach(
                (threshold, once) -> {
                    comparison.compared();
                    comparison.check(
                            threshold, "times told", once, told.getOrDefault(threshold, 0));
                });
        told.keySet().stream()
                .filter(threshold -> !expected.containsKey(threshold))
                .forEach(threshold -> comparison.differs(threshold + ": told, but not reached"));
    }

    private void comparePauses(
            Map<String, List<JsonNode>> notices, Instant passed, Comparison comparison) {
        Set<String> paused = new HashSet<>();
        notices.forEach(
                (campaign, own) -> {
                    own.sort(Comparator.comparingLong(notice -> notice.get("seq").asLong()));
                    JsonNode open = null;
                    for (JsonNode notice : own) {
                        comparison.compared();
                        if (notice.get("type").asText().equals("CAMPAIGN_PAUSED")) {
                            open = notice;
                            pause(notice, paused, comparison);
                        } else if (open == null) {
                            comparison.differs(campaign + ": resumed without a pause " + notice);
                        } else {
                            open = null;
                        }
                    }
                    leftPaused(campaign, open, passed, comparison);
                });
        spend.datesInTime()
                .forEach(
                        (date, spent) -> {
                            if (!knownLater.contains(ExpectedSpend.campaign(date))
                                    && reaches(date, spent, PAUSE_AT)
                                    && !paused.contains(date)) {
                                comparison.differs(date + ": no pause, spent " + spent);
                            }
                        });
    }

    private void pause(JsonNode notice, Set<String> paused, Comparison comparison) {
        String date = date(notice);
        if (!paused.add(date)) {
            comparison.differs(date + ": paused more than once");
        }
        ExpectedSpend.Spend spent = spend.dates().get(date);
        if (spent == null || !reaches(date, spent, PAUSE_AT)) {
            comparison.differs(date + ": paused without need, spent " + spent);
        }
    }

    private void leftPaused(
            String campaign, @Nullable JsonNode open, Instant passed, Comparison comparison) {
        if (open == null) {
            return;
        }
        Instant end =
                LocalDate.parse(open.get("budget_date").asText())
                        .plusDays(1)
                        .atStartOfDay(spend.zone(campaign))
                        .toInstant();
        if (!end.isAfter(passed)) {
            comparison.differs(campaign + ": never resumed after " + open);
        }
    }

    private boolean reaches(String date, ExpectedSpend.Spend spent, int percent) {
        BigDecimal budget = budgets.get(ExpectedSpend.campaign(date));
        return budget != null
                && spent.cost()
                                .movePointRight(2)
                                .compareTo(budget.multiply(BigDecimal.valueOf(percent)))
                        >= 0;
    }

    private static String date(JsonNode notice) {
        return ExpectedSpend.dateKey(
                notice.get("campaign_id").asText(),
                LocalDate.parse(notice.get("budget_date").asText()));
    }

    private static JsonNode json(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException("a record is no JSON", e);
        }
    }
}
