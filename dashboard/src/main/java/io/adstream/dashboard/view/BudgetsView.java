package io.adstream.dashboard.view;

import io.adstream.dashboard.live.Content;
import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.Source;
import io.adstream.dashboard.live.Trouble;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.PostgresStore;
import io.adstream.dashboard.view.Campaigns.Campaign;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Budgets: those that are used up first, with what pauses them. */
final class BudgetsView implements View {

    private static final Parameter SHOW =
            Parameter.choice("show", "all", "paused", "nearly", "unlimited");

    /** A part of a campaign's or an advertiser's id. */
    private static final Parameter FIND = Parameter.text("find");

    private static final Parameter LIMIT = Parameter.integer("limit", 20, 1, 500);

    private static final BigDecimal NEARLY = BigDecimal.valueOf(80);

    private static final String LAST_CHECKS =
            """
            select c.id as campaign_id, a.cut, a.action, a.drift
            from unnest(?) c (id) cross join lateral (
              select cut, action, drift from budget.sync_audit
              where campaign_id = c.id order by budget_date desc, cut desc limit 1) a
            """;

    private final PostgresStore postgres;
    private final Campaigns campaigns;

    BudgetsView(PostgresStore postgres, Campaigns campaigns) {
        this.postgres = postgres;
        this.campaigns = campaigns;
    }

    /** The newest comparison of a campaign's counter with the deduction. */
    record Check(Instant cut, String action, @Nullable BigDecimal drift) {}

    /** A line of the list. */
    record Line(
            @com.fasterxml.jackson.annotation.JsonUnwrapped Campaign campaign,
            @Nullable Check lastCheck) {}

    /**
     * What is shown.
     *
     * @param controlUpdatedAt when the budget job wrote any hash last; null where there is none
     * @param controlDown whether that is so long ago that ad servers take it for down
     * @param truncated whether there are more campaigns than are watched
     */
    record Data(
            int total,
            int paused,
            int pausedByBudget,
            int nearly,
            int unlimited,
            int matching,
            boolean truncated,
            @Nullable Instant controlUpdatedAt,
            boolean controlDown,
            List<Line> campaigns) {}

    @Override
    public String name() {
        return "budgets";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(SHOW, FIND, LIMIT);
    }

    @Override
    public Duration interval(Query query) {
        return Duration.ofMillis(500);
    }

    @Override
    public Loader open(Query query) {
        String show = query.text(SHOW.name());
        String find = query.text(FIND.name()).toLowerCase(Locale.ROOT);
        int limit = query.integer(LIMIT.name());
        List<String> shown = new ArrayList<>();
        Source<Map<String, Check>> checks =
                new Source<>(Duration.ofSeconds(5), () -> lastChecks(List.copyOf(shown)));
        return () -> {
            List<Trouble> troubles = new ArrayList<>();
            List<Campaign> all = campaigns.all(troubles);
            List<Campaign> matching =
                    all.stream()
                            .filter(campaign -> matches(campaign, show, find))
                            .sorted(
                                    Comparator.comparing(
                                                    Campaign::usage,
                                                    Comparator.nullsFirst(
                                                            Comparator.naturalOrder()))
                                            .reversed()
                                            .thenComparing(Campaign::campaignId))
                            .toList();
            List<Campaign> first = matching.subList(0, Math.min(limit, matching.size()));
            shown.clear();
            first.forEach(campaign -> shown.add(campaign.campaignId()));
            Map<String, Check> last = checks.read(troubles, Map.of());
            return new Content(data(all, matching.size(), first, last), all.isEmpty(), troubles);
        };
    }

    private static boolean matches(Campaign campaign, String show, String find) {
        boolean shown =
                switch (show) {
                    case "paused" -> campaign.isPaused();
                    case "nearly" -> isNearlyUsedUp(campaign);
                    case "unlimited" -> campaign.dailyBudget() == null;
                    default -> true;
                };
        return shown
                && (find.isEmpty()
                        || campaign.campaignId().toLowerCase(Locale.ROOT).contains(find)
                        || campaign.advertiserId().toLowerCase(Locale.ROOT).contains(find));
    }

    private static boolean isNearlyUsedUp(Campaign campaign) {
        BigDecimal usage = campaign.usage();
        return usage != null && usage.compareTo(NEARLY) >= 0;
    }

    private static Data data(
            List<Campaign> all, int matching, List<Campaign> first, Map<String, Check> checks) {
        Instant updated =
                all.stream()
                        .map(Campaign::updatedAt)
                        .filter(time -> time != null)
                        .max(Comparator.naturalOrder())
                        .orElse(null);
        return new Data(
                all.size(),
                count(all, Campaign::isPaused),
                count(all, campaign -> campaign.isPaused() && "BUDGET".equals(campaign.cause())),
                count(all, BudgetsView::isNearlyUsedUp),
                count(all, campaign -> campaign.dailyBudget() == null),
                matching,
                all.size() >= Campaigns.MOST,
                updated,
                updated != null
                        && updated.isBefore(Instant.now().minus(Campaigns.CONTROL_IS_DOWN_AFTER)),
                first.stream()
                        .map(campaign -> new Line(campaign, checks.get(campaign.campaignId())))
                        .toList());
    }

    private static int count(
            List<Campaign> campaigns, java.util.function.Predicate<Campaign> which) {
        return (int) campaigns.stream().filter(which).count();
    }

    private Map<String, Check> lastChecks(List<String> ids) {
        Map<String, Check> checks = new HashMap<>();
        if (!ids.isEmpty()) {
            postgres.query(
                            LAST_CHECKS,
                            List.of(ids),
                            row ->
                                    Map.entry(
                                            row.getString("campaign_id"),
                                            new Check(
                                                    PostgresStore.timeOf(row, "cut"),
                                                    row.getString("action"),
                                                    row.getBigDecimal("drift"))))
                    .forEach(entry -> checks.put(entry.getKey(), entry.getValue()));
        }
        return checks;
    }
}
