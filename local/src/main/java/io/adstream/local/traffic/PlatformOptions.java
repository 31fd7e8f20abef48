package io.adstream.local.traffic;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of what is simulated: how many ads and people there are, and what they do. */
final class PlatformOptions {

    @Option(
            names = "--ads",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Number of ads (default: ${DEFAULT-VALUE}).")
    int ads;

    @Option(
            names = "--campaigns",
            paramLabel = "N",
            description = "Number of campaigns (default: a tenth of the ads).")
    int campaigns;

    @Option(
            names = "--advertisers",
            paramLabel = "N",
            description = "Number of advertisers (default: a fifth of the campaigns).")
    int advertisers;

    @Option(
            names = "--users",
            paramLabel = "N",
            description = "Number of people (default: 100 per record and second).")
    int users;

    @Option(
            names = "--zipf",
            paramLabel = "S",
            defaultValue = "1.0",
            description = "Exponent of the ads' popularity (default: ${DEFAULT-VALUE}).")
    double zipf;

    @Option(
            names = "--daily-curve",
            paramLabel = "0..0.9",
            description =
                    "How far the rate swings over the UTC day around --rate (default: 0 at speed 1,"
                            + " so that the rate is what is sent; else 0.5).")
    @Nullable Double dailyCurve;

    @Option(
            names = "--commerce-share",
            paramLabel = "0..0.9",
            defaultValue = "0.1",
            description = "Share of records that are commerce events (default: ${DEFAULT-VALUE}).")
    double commerceShare;

    /** Sets all but the curve and the shop's share: those depend on where the records go. */
    void applyTo(SimulationOptions.Builder builder) {
        builder.ads(ads).campaigns(campaigns).advertisers(advertisers).users(users).zipf(zipf);
    }
}
