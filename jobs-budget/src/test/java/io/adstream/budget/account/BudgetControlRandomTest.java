package io.adstream.budget.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.budget.campaign.Campaign;
import io.adstream.common.money.Micros;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random clicks, budgets, times and restarts beside a naive model of the rules. */
class BudgetControlRandomTest {

    private static final long DAY = 86_400_000;
    private static final long START = 20_777 * DAY;

    /** The rules as one would write them on a napkin: decimals, sets, no state machine. */
    private static final class Napkin {
        private final Map<Long, BigDecimal> spent = new HashMap<>();
        private final Set<Long> told = new HashSet<>();
        private final List<String> notices = new ArrayList<>();
        private @Nullable BigDecimal budget;
        private @Nullable Long held;
        private long time = START - 1;

        void click(long at, BigDecimal cost) {
            long date = Math.floorDiv(at, DAY);
            spent.merge(date, cost, BigDecimal::add);
            look(date);
        }

        void budget(@Nullable BigDecimal next) {
            budget = next;
            for (Long date : List.copyOf(new TreeSet<>(spent.keySet()))) {
                if (isOpen(date) && told.contains(date) && isBelow90(date)) {
                    told.remove(date);
                    if (Objects.equals(held, date)) {
                        held = null;
                        notices.add("RESUMED");
                    }
                }
                look(date);
            }
        }

        void time(long next) {
            time = next;
            if (held != null && !isOpen(held)) {
                held = null;
                long now = current();
                look(now);
                if (held == null && told.contains(now)) {
                    held = now;
                } else if (held == null) {
                    notices.add("RESUMED");
                }
            }
        }

        private void look(long date) {
            if (budget != null && isOpen(date) && reaches(date, 95) && told.add(date)) {
                notices.add("PAUSED");
                if (date == current()) {
                    held = date;
                }
            }
        }

        private boolean isOpen(long date) {
            return time < (date + 1) * DAY - 1;
        }

        private long current() {
            long today = Math.floorDiv(time + 1, DAY);
            return spent.keySet().stream().mapToLong(Long::longValue).reduce(today, Math::max);
        }

        private boolean isBelow90(long date) {
            return budget == null || !reaches(date, 90);
        }

        private boolean reaches(long date, int percent) {
            return spent.getOrDefault(date, BigDecimal.ZERO)
                            .multiply(BigDecimal.valueOf(100))
                            .compareTo(
                                    Objects.requireNonNull(budget)
                                            .multiply(BigDecimal.valueOf(percent)))
                    >= 0;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void decidesAsTheNapkinDoes(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Decisions decisions = new Decisions();
        BudgetControl control = new BudgetControl(decisions);
        CampaignAccount account = new CampaignAccount("cmp-1");
        Napkin napkin = new Napkin();
        long time = START - 1;
        control.campaign(account, row(100_000_000L), new Moment(time, 0));
        napkin.budget(Micros.toDecimal(100_000_000));
        for (int step = 0; step < 4000; step++) {
            int dice = random.nextInt(100);
            if (dice < 70) {
                // Clicks of today alone: those of other dates have cases of their own.
                long at = Math.max(time + 1, Math.floorDiv(time + 1, DAY) * DAY);
                long cost = random.nextLong(3_000_000);
                control.click(
                        account, new Click("cmp-1", at, 0, cost), Map.of(), 0, new Moment(time, 0));
                napkin.click(at, Micros.toDecimal(cost));
            } else if (dice < 75) {
                Long budget =
                        random.nextInt(10) == 0
                                ? null
                                : (Long) random.nextLong(50, 200) * 1_000_000;
                control.campaign(account, row(budget), new Moment(time, 0));
                napkin.budget(budget == null ? null : Micros.toDecimal(budget));
            } else if (dice < 80) {
                account = AccountCodec.read("cmp-1", new AccountCodec().write(account));
            } else {
                time += random.nextLong(7_200_000);
                control.advance(account, new Moment(time, 0));
                napkin.time(time);
            }
            control.refresh(account, true, new Moment(time, 0));
            String as = "seed " + seed + ", step " + step;
            assertThat(Objects.requireNonNull(decisions.status).status())
                    .as(as)
                    .isEqualTo(napkin.held == null ? "ACTIVE" : "PAUSED");
            assertThat(decisions.pauses().stream().map(text -> text.split(" ", -1)[0]).toList())
                    .as(as)
                    .isEqualTo(napkin.notices);
            napkin.notices.clear();
        }
    }

    private static Campaign row(@Nullable Long budget) {
        return new Campaign("cmp-1", budget, "UTC", Campaign.ACTIVE, null, 0, 0);
    }
}
