package io.adstream.budget.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetCalendarTest {

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2026-03-29, 23",
        "Europe/Berlin, 2026-10-25, 25",
        "America/New_York, 2026-03-08, 23",
        "America/New_York, 2026-11-01, 25",
        "Asia/Seoul, 2026-03-29, 24",
        // Clocks go forward at midnight: the day begins at 01:00.
        "America/Asuncion, 2023-10-01, 23",
    })
    void daysHaveTheirHours(String zone, String date, long hours) {
        BudgetCalendar calendar = new BudgetCalendar(ZoneId.of(zone));
        long day = LocalDate.parse(date).toEpochDay();

        assertThat(Duration.ofMillis(calendar.endOf(day) - calendar.startOf(day)).toHours())
                .isEqualTo(hours);
        assertThat(calendar.dayOf(calendar.startOf(day))).isEqualTo(day);
        assertThat(calendar.dayOf(calendar.startOf(day) - 1)).isEqualTo(day - 1);
        assertThat(calendar.dayOf(calendar.endOf(day) - 1)).isEqualTo(day);
        assertThat(calendar.dayOf(calendar.endOf(day))).isEqualTo(day + 1);
    }

    @Test
    void aDayThatIsInterruptedEndsWithItsSecondPart() {
        // In 2010 clocks in Newfoundland went back from 00:01 to 23:01 of the day before.
        BudgetCalendar calendar = new BudgetCalendar(ZoneId.of("America/St_Johns"));
        long day = LocalDate.parse("2010-11-06").toEpochDay();
        long firstMidnight = Instant.parse("2010-11-07T02:30:00Z").toEpochMilli();

        assertThat(calendar.dayOf(firstMidnight - 1)).isEqualTo(day);
        assertThat(calendar.dayOf(firstMidnight)).isEqualTo(day + 1);
        assertThat(calendar.dayOf(firstMidnight + 60_000)).isEqualTo(day);
        assertThat(calendar.endOf(day)).isEqualTo(firstMidnight + 3_600_000);
    }

    @Test
    void agreesWithTheLibraryInEveryZone() {
        SplittableRandom random = new SplittableRandom(7);
        List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
        long first = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();
        long last = Instant.parse("2040-01-01T00:00:00Z").toEpochMilli();
        for (int i = 0; i < 3000; i++) {
            ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
            BudgetCalendar calendar = new BudgetCalendar(zone);
            long time = random.nextLong(first, last);
            for (int step = 0; step < 20; step++) {
                assertThat(calendar.dayOf(time))
                        .as("%s in %s", Instant.ofEpochMilli(time), zone)
                        .isEqualTo(
                                LocalDate.ofInstant(Instant.ofEpochMilli(time), zone).toEpochDay());
                time += random.nextLong(-7_200_000, 7_200_001);
            }
        }
    }
}
