package io.adstream.local.traffic;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The advertisers, campaigns and ads of a simulated platform. Popularity follows Zipf's law by the
 * number in the ad's name: {@code ad-1} is shown most.
 */
public final class Marketplace {

    private static final List<String> ZONES =
            List.of("UTC", "America/New_York", "Europe/Berlin", "Asia/Seoul", "Asia/Kolkata");
    private static final List<String> CURRENCIES = List.of("USD", "USD", "USD", "EUR", "KRW");

    /** Names as they are, and as they stand in the records (one escaped, one in UTF-8). */
    private static final String[][] CATEGORIES = {
        {"shoes", "\"shoes\""},
        {"bags", "\"bags\""},
        {"electronics", "\"electronics\""},
        {"books", "\"books\""},
        {"home & garden", "\"home & garden\""},
        {"café", "\"caf\\u00e9\""},
        {"뷰티", "\"뷰티\""},
        {"toys", "\"toys\""},
        {"sport \"outdoor\"", "\"sport \\\"outdoor\\\"\""},
        {"travel", "\"travel\""},
    };

    private final List<Campaign> campaigns;
    private final List<List<Ad>> adsOfCampaign;
    private final Ad[] ads;
    private final double[] aliasLimit;
    private final int[] alias;

    Marketplace(SimulationOptions options) {
        SplittableRandom random = new SplittableRandom(options.seed() ^ 0x5ca1ab1eL);
        int adCount = options.ads();
        double[] weights = zipf(adCount, options.zipf());
        double[] clickRates = new double[adCount];
        double[] conversionRates = new double[adCount];
        long[] prices = new long[adCount];
        for (int i = 0; i < adCount; i++) {
            clickRates[i] = Math.min(0.12, 0.018 * skewed(random, 0.6));
            conversionRates[i] = Math.min(0.3, 0.05 * skewed(random, 0.5));
            prices[i] = 100 * Math.round(2_500 * skewed(random, 0.6));
        }
        double[] spendPerDay = new double[options.campaigns()];
        for (int i = 0; i < adCount; i++) {
            spendPerDay[i % options.campaigns()] +=
                    weights[i] * clickRates[i] * prices[i] * options.rate() * 86_400;
        }
        List<Campaign> made = new ArrayList<>();
        for (int i = 0; i < options.campaigns(); i++) {
            int advertiser = i % options.advertisers();
            // From half of a day's spend (paused by noon) to three times of it.
            double share = 0.5 + 2.5 * random.nextDouble();
            boolean unlimited = random.nextInt(10) == 0;
            long budget = Math.max(1, Math.round(spendPerDay[i] * share / 1e6)) * 1_000_000L;
            made.add(
                    new Campaign(
                            i,
                            "cmp-" + (i + 1),
                            "adv-" + (advertiser + 1),
                            unlimited ? null : (Long) budget,
                            ZoneId.of(ZONES.get(i % ZONES.size())),
                            CURRENCIES.get(advertiser % CURRENCIES.size())));
        }
        campaigns = Collections.unmodifiableList(made);
        adsOfCampaign = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            adsOfCampaign.add(new ArrayList<>());
        }
        ads = new Ad[adCount];
        for (int i = 0; i < adCount; i++) {
            Campaign campaign = made.get(i % made.size());
            int category = random.nextInt(CATEGORIES.length + 1);
            boolean named = category < CATEGORIES.length;
            ads[i] =
                    new Ad(
                            "ad-" + (i + 1),
                            campaign,
                            named ? CATEGORIES[category][0] : null,
                            named ? CATEGORIES[category][1] : "null",
                            clickRates[i],
                            conversionRates[i],
                            prices[i],
                            10_000 * Math.round(4_000 * skewed(random, 0.7)));
            adsOfCampaign.get(campaign.index()).add(ads[i]);
        }
        aliasLimit = new double[adCount];
        alias = new int[adCount];
        buildAlias(weights);
    }

    /** All campaigns. */
    public List<Campaign> campaigns() {
        return campaigns;
    }

    Ad ad(int index) {
        return ads[index];
    }

    int adCount() {
        return ads.length;
    }

    /** An ad, the popular ones more often. */
    Ad draw(SplittableRandom random) {
        int i = random.nextInt(ads.length);
        return ads[random.nextDouble() < aliasLimit[i] ? i : alias[i]];
    }

    /** Any ad of the same campaign. */
    Ad sibling(Ad ad, SplittableRandom random) {
        List<Ad> siblings = adsOfCampaign.get(ad.campaign().index());
        return siblings.isEmpty() ? ad : siblings.get(random.nextInt(siblings.size()));
    }

    /** An ad that nobody has seen before, in a campaign that exists. */
    Ad fresh(long number, SplittableRandom random) {
        Ad like = ads[random.nextInt(ads.length)];
        return new Ad(
                "ad-x" + number,
                like.campaign(),
                "toys",
                "\"toys\"",
                like.clickRate(),
                like.conversionRate(),
                like.priceMicros(),
                like.orderMicros());
    }

    /** Walker's alias method (Vose's construction): one draw in constant time. */
    private void buildAlias(double[] weights) {
        int n = weights.length;
        double[] scaled = new double[n];
        int[] small = new int[n];
        int[] large = new int[n];
        int smalls = 0;
        int larges = 0;
        for (int i = 0; i < n; i++) {
            scaled[i] = weights[i] * n;
            if (scaled[i] < 1) {
                small[smalls++] = i;
            } else {
                large[larges++] = i;
            }
        }
        while (smalls > 0 && larges > 0) {
            int less = small[--smalls];
            int more = large[--larges];
            aliasLimit[less] = scaled[less];
            alias[less] = more;
            scaled[more] -= 1 - scaled[less];
            if (scaled[more] < 1) {
                small[smalls++] = more;
            } else {
                large[larges++] = more;
            }
        }
        while (larges > 0) {
            aliasLimit[large[--larges]] = 1;
        }
        while (smalls > 0) {
            aliasLimit[small[--smalls]] = 1;
        }
    }

    private static double[] zipf(int n, double exponent) {
        double[] weights = new double[n];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            weights[i] = StrictMath.pow(i + 1, -exponent);
            sum += weights[i];
        }
        for (int i = 0; i < n; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /** A log-normal factor around 1. */
    private static double skewed(SplittableRandom random, double sigma) {
        double sum = 0;
        for (int i = 0; i < 12; i++) {
            sum += random.nextDouble();
        }
        return StrictMath.exp(sigma * (sum - 6));
    }
}
