package io.adstream.local.traffic;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A simulation in a running system: it acts as that system's ad server, adds its campaigns to the
 * database, and says so where its records come too late to be counted.
 */
final class LiveSimulation {

    /** Between an event time and the watermark at which it is LATE: its minute, then 5 min. */
    private static final Duration LATE_AFTER = Duration.ofMinutes(6);

    private final SimulationOptions options;
    private final ServiceOptions services;
    private final boolean asAdServer;
    private final int drifting;
    private final TrafficConsole console;

    /**
     * @param asAdServer whether to count spend, to add campaigns and to heed pauses
     * @param drifting how many campaigns' budget counters are to drift
     */
    LiveSimulation(
            SimulationOptions options,
            ServiceOptions services,
            boolean asAdServer,
            int drifting,
            TrafficConsole console) {
        this.options = options;
        this.services = services;
        this.asAdServer = asAdServer;
        this.drifting = drifting;
        this.console = console;
    }

    /**
     * Sends it.
     *
     * @return whether all has arrived
     */
    boolean send(SimulationRun run) throws IOException {
        warnOfPast();
        try (RedisAdServer adServer = asAdServer ? openAdServer() : null) {
            if (adServer == null) {
                return run.send(new Simulation(options), null);
            }
            AuditedAdServer audited = new AuditedAdServer(adServer, drifting, options.seed());
            return run.send(new Simulation(options, audited), audited);
        }
    }

    /** Says where the run begins behind a system that has moved on. */
    private void warnOfPast() {
        Optional<Instant> watermark = MetricsWatermark.read(services.postgresUrl(), console);
        if (watermark.isEmpty()) {
            return;
        }
        Instant bound = watermark.get().minus(LATE_AFTER);
        if (options.start().isBefore(bound)) {
            console.remark(
                    "The metrics job has come to "
                            + watermark.get()
                            + ": records before "
                            + bound
                            + " are LATE there, whatever the report expects of them. This run"
                            + " begins at "
                            + options.start()
                            + "; name a later --start, or fewer --events, or a higher --rate.");
        }
    }

    private @Nullable RedisAdServer openAdServer() {
        Marketplace market = new Marketplace(options);
        addCampaigns(market);
        String address = services.redisAddress();
        if (address == null) {
            return null;
        }
        int colon = address.lastIndexOf(':');
        try {
            return new RedisAdServer(
                    address.substring(0, colon),
                    Integer.parseInt(address.substring(colon + 1)),
                    market.campaigns(),
                    console::say);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "The value '" + address + "' is not allowed for --redis; write HOST:PORT.", e);
        }
    }

    private void addCampaigns(Marketplace market) {
        String url = services.postgresUrl();
        if (url == null) {
            return;
        }
        try {
            int added = new PlatformDatabase(url).addCampaigns(market.campaigns());
            if (added > 0) {
                console.say("Added " + added + " campaigns to budget.campaigns.");
            }
        } catch (SQLException e) {
            console.say("The campaigns were not added to PostgreSQL: " + e.getMessage());
        }
    }
}
