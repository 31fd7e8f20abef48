package io.adstream.local.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a {@link Simulation} is made from. Equal options give equal records, byte for byte.
 *
 * @param seed decides every draw
 * @param rate records per simulated second, duplicates and broken ones included; the mean of a day
 * @param start where the simulated clock begins
 * @param ads number of ads
 * @param campaigns number of campaigns, at most {@code ads}
 * @param advertisers number of advertisers, at most {@code campaigns}
 * @param users number of people
 * @param zipf exponent of the ads' popularity; 0 is all alike
 * @param dailyCurve how far the rate swings over the UTC day, 0 (flat) to 0.9
 * @param commerceShare share of records that are shop behaviour, 0 to 0.9
 * @param duplicates share of records that repeat an earlier one, 0 to 0.5
 * @param disordered share of valid events that are sent up to {@code maxDisorder} after they happen
 * @param maxDisorder the longest such delay
 * @param amending share of records sent 80 to 240 s after they happened: their minute is amended
 * @param late share of records so old that no window takes them
 * @param lateMinAge the least age of a late record; the greatest is 20 min more
 * @param lateAfter simulated time before the first late record, so that watermarks have moved
 * @param lateAfterRecords records before the first late record
 * @param broken share of records that must be rejected, all codes alike
 * @param linesOnly leave out broken records that cannot be a line of a file (empty, tombstone)
 * @param scenarios incidents to inject
 * @param scenarioAfter simulated time before they begin (those of limited length)
 */
public record SimulationOptions(
        long seed,
        double rate,
        Instant start,
        int ads,
        int campaigns,
        int advertisers,
        int users,
        double zipf,
        double dailyCurve,
        double commerceShare,
        double duplicates,
        double disordered,
        Duration maxDisorder,
        double amending,
        double late,
        Duration lateMinAge,
        Duration lateAfter,
        long lateAfterRecords,
        double broken,
        boolean linesOnly,
        Set<Scenario> scenarios,
        Duration scenarioAfter) {

    /** Records that a job may read of one partition before it has seen the next one at all. */
    private static final long BACKLOG_SKEW = 400_000;

    public SimulationOptions {
        require(rate > 0 && rate <= 10_000_000, "rate", rate, "above 0 and at most 10000000");
        require(ads >= 1, "ads", ads, "at least 1");
        require(
                campaigns >= 1 && campaigns <= ads,
                "campaigns",
                campaigns,
                "from 1 to the number of ads (" + ads + ")");
        require(
                advertisers >= 1 && advertisers <= campaigns,
                "advertisers",
                advertisers,
                "from 1 to the number of campaigns (" + campaigns + ")");
        require(users >= 1, "users", users, "at least 1");
        require(zipf >= 0 && zipf <= 5, "zipf", zipf, "from 0 to 5");
        require(dailyCurve >= 0 && dailyCurve <= 0.9, "daily-curve", dailyCurve, "from 0 to 0.9");
        require(
                commerceShare >= 0 && commerceShare <= 0.9,
                "commerce-share",
                commerceShare,
                "from 0 to 0.9");
        require(duplicates >= 0 && duplicates <= 0.5, "duplicates", duplicates, "from 0 to 0.5");
        require(disordered >= 0 && disordered <= 1, "disordered", disordered, "from 0 to 1");
        require(
                !maxDisorder.isNegative() && maxDisorder.compareTo(Duration.ofMinutes(4)) <= 0,
                "max-disorder",
                maxDisorder,
                "from 0 to 4 minutes");
        require(amending >= 0 && amending <= 0.5, "amending", amending, "from 0 to 0.5");
        require(late >= 0 && late <= 0.5, "late", late, "from 0 to 0.5");
        require(
                lateMinAge.compareTo(Duration.ofMinutes(15)) >= 0,
                "late-min-age",
                lateMinAge,
                "at least 15 minutes, so that no window could take it");
        require(broken >= 0 && broken <= 0.9, "broken", broken, "from 0 to 0.9");
        require(
                duplicates + amending + late + broken < 1,
                "shares of duplicate, amending, late and broken records together",
                duplicates + amending + late + broken,
                "below 1");
        require(
                !scenarios.contains(Scenario.CLICK_FLOOD) || rate >= 10,
                "rate",
                rate,
                "at least 10 with the scenario click-flood");
        scenarios = Set.copyOf(scenarios);
    }

    private static void require(boolean condition, String name, Object value, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException(
                    "The value "
                            + value
                            + " is not allowed for "
                            + name
                            + "; allowed is "
                            + allowed
                            + ".");
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Starts from the defaults that the command has. */
    public static final class Builder {
        private long seed = 1;
        private double rate = 1000;
        private Instant start = Instant.parse("2026-01-01T00:00:00Z");
        private int ads = 1000;
        private int campaigns;
        private int advertisers;
        private int users;
        private double zipf = 1.0;
        private double dailyCurve;
        private double commerceShare = 0.1;
        private double duplicates = 0.01;
        private double disordered = 0.2;
        private Duration maxDisorder = Duration.ofSeconds(10);
        private double amending = 0.002;
        private double late = 0.001;
        private Duration lateMinAge = Duration.ofMinutes(30);
        private Duration lateAfter = Duration.ofMinutes(2);
        private long lateAfterRecords;
        private double broken = 0.001;
        private boolean linesOnly;
        private final Set<Scenario> scenarios = EnumSet.noneOf(Scenario.class);
        private Duration scenarioAfter = Duration.ofMinutes(2);

        private Builder() {}

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder rate(double value) {
            rate = value;
            return this;
        }

        public Builder start(Instant value) {
            start = value;
            return this;
        }

        public Builder ads(int value) {
            ads = value;
            return this;
        }

        /** 0 (the default) is a tenth of the ads. */
        public Builder campaigns(int value) {
            campaigns = value;
            return this;
        }

        /** 0 (the default) is a fifth of the campaigns. */
        public Builder advertisers(int value) {
            advertisers = value;
            return this;
        }

        /** 0 (the default) is a hundred per record and second, from 1,000 to 2,000,000. */
        public Builder users(int value) {
            users = value;
            return this;
        }

        public Builder zipf(double value) {
            zipf = value;
            return this;
        }

        public Builder dailyCurve(double value) {
            dailyCurve = value;
            return this;
        }

        public Builder commerceShare(double value) {
            commerceShare = value;
            return this;
        }

        public Builder duplicates(double value) {
            duplicates = value;
            return this;
        }

        public Builder disordered(double value) {
            disordered = value;
            return this;
        }

        public Builder maxDisorder(Duration value) {
            maxDisorder = value;
            return this;
        }

        public Builder amending(double value) {
            amending = value;
            return this;
        }

        public Builder late(double value) {
            late = value;
            return this;
        }

        public Builder lateMinAge(Duration value) {
            lateMinAge = value;
            return this;
        }

        public Builder lateAfter(Duration value) {
            lateAfter = value;
            return this;
        }

        public Builder lateAfterRecords(long value) {
            lateAfterRecords = value;
            return this;
        }

        public Builder broken(double value) {
            broken = value;
            return this;
        }

        public Builder linesOnly(boolean value) {
            linesOnly = value;
            return this;
        }

        public Builder scenario(Scenario value) {
            if (value != Scenario.NONE) {
                scenarios.add(value);
            }
            return this;
        }

        public Builder scenarioAfter(Duration value) {
            scenarioAfter = value;
            return this;
        }

        /** Every record valid, in order, once: nothing but the platform itself. */
        public Builder clean() {
            return duplicates(0).disordered(0).amending(0).late(0).broken(0);
        }

        /**
         * Late records whose verdict holds even where a job finds the records as a backlog: then it
         * may read hundreds of thousands of one partition before the first of another, and its
         * watermark, the least of all partitions, stands still meanwhile. So late records begin
         * only after 400,000 records (the second half of a run below 800,000, where the verdict is
         * likely but not certain), and are older than 400,000 records take.
         *
         * @param records how many records the run has; 0 where it has no end
         */
        public Builder forBacklog(long records) {
            lateAfterRecords(
                    records == 0 || records >= 2 * BACKLOG_SKEW ? BACKLOG_SKEW : records / 2);
            long skewSeconds = (long) Math.ceil(BACKLOG_SKEW / rate);
            lateMinAge(Duration.ofSeconds(Math.max(1_800, skewSeconds + 600)));
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException with a sentence that names value and allowed range
         */
        public SimulationOptions build() {
            int campaignCount = campaigns == 0 ? Math.max(1, ads / 10) : campaigns;
            int advertiserCount = advertisers == 0 ? Math.max(1, campaignCount / 5) : advertisers;
            int userCount =
                    users == 0
                            ? (int) Math.max(1_000, Math.min(2_000_000, Math.round(rate * 100)))
                            : users;
            return new SimulationOptions(
                    seed,
                    rate,
                    start,
                    ads,
                    campaignCount,
                    advertiserCount,
                    userCount,
                    zipf,
                    dailyCurve,
                    commerceShare,
                    duplicates,
                    disordered,
                    maxDisorder,
                    amending,
                    late,
                    lateMinAge,
                    lateAfter,
                    lateAfterRecords,
                    broken,
                    linesOnly,
                    scenarios,
                    scenarioAfter);
        }
    }
}
