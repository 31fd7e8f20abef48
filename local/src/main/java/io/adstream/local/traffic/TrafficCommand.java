package io.adstream.local.traffic;

import io.adstream.common.config.ConfigException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code adstream traffic}: simulated traffic, or a user's own log.
 *
 * <p>Exit codes: 0 all was sent; 1 a service or file failed; 2 wrong usage; 4 nothing was sent,
 * because every record would be LATE.
 */
@Command(
        name = "traffic",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Sends simulated traffic, or replays your own log.",
            "",
            "A simulation without --events goes on until Ctrl-C; then, too, it reports what it"
                    + " sent: per topic and expected verdict, the sums of the valid events, and the"
                    + " incidents. The report is the truth to hold results against."
        },
        footerHeading = "%nScenarios (--scenario, several with commas):%n",
        footer = {
            "  none             no incident",
            "  click-flood      150 clicks of one device, and 150 behind one IP, within 50 s",
            "  ctr-spike        the CTR of one popular ad is 15 times its usual for 3 min",
            "  cvr-drop         one popular ad loses 90 %% of its conversions for 20 min",
            "  budget-burst     one campaign: 5 times the clicks at 10 times the price for 5 min",
            "  quality-drop     one popular ad loses 95 %% of its clicks for 60 min",
            "  tracking-outage  no conversion of anyone arrives for 15 min",
            "  hot-ad           one ad takes 90 %% of the impressions, all the time",
            "  key-explosion    every second impression is of a new ad, all the time",
            "",
            "Examples:",
            "  adstream traffic --rate 1000",
            "  adstream traffic --rate 1000 --events 1000000 --speed max --seed 42 --json",
            "  adstream traffic --events 100000 --seed 1 --out events.ndjson.gz",
            "  adstream traffic --from access.ndjson.gz --speed max --shift-to-now",
            "",
            "Exit codes: 0 all sent, 1 a service or file failed, 2 wrong usage, 4 nothing sent"
                    + " because every record would be LATE."
        })
public final class TrafficCommand implements Callable<Integer> {

    @Spec CommandSpec spec;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "Records per second of the simulated clock, duplicates and broken ones"
                            + " included (default: ${DEFAULT-VALUE}).")
    double rate;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "Equal seed, start and options give equal records (default: at random; the"
                            + " report names it).")
    @Nullable Long seed;

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "Stop after N records (default: go on until Ctrl-C).")
    long events;

    @Option(
            names = "--speed",
            paramLabel = "X|max",
            converter = SpeedText.class,
            description =
                    "Event time per wall time: 1 is live, 10 ten times faster, max as fast as"
                            + " possible. Simulated time never passes the wall clock: it begins in the"
                            + " past, and a run that has caught up goes on live (default: 1; with --out"
                            + " max).")
    @Nullable Double speed;

    @Option(
            names = "--start",
            paramLabel = "TIME",
            description =
                    "Where the simulated clock begins, as 2026-11-20T10:00:00Z (default: now, or as"
                            + " long ago as --events takes at --rate, or 1 h ago; with --out"
                            + " 2026-01-01T00:00:00Z).")
    @Nullable String start;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            split = ",",
            description = "Inject incidents; see below.")
    List<String> scenarios = new ArrayList<>();

    @Option(
            names = "--scenario-after",
            paramLabel = "TIME",
            defaultValue = "2m",
            converter = DurationText.class,
            description =
                    "Simulated time before an incident of limited length begins (default:"
                            + " ${DEFAULT-VALUE}).")
    Duration scenarioAfter = Duration.ofMinutes(2);

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Write ad events to a file of lines instead of Kafka; gzip where it ends in"
                            + " .gz. Needs --events. Empty records and tombstones cannot be lines and"
                            + " are left out of the broken ones; no other record holds a line feed.")
    @Nullable Path out;

    @Option(
            names = "--commerce-out",
            paramLabel = "FILE",
            description = "With --out: the commerce events' file (default: none are made).")
    @Nullable Path commerceOut;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description =
                    "Write what is known of single records: each one that is not simply valid, and"
                            + " the clicks behind each conversion.")
    @Nullable Path labels;

    @Mixin PlatformOptions platform = new PlatformOptions();

    @Mixin FaultOptions faults = new FaultOptions();

    @Option(
            names = "--no-ad-server",
            description =
                    "Do not act as ad server: no spend counted in Redis, no campaigns added to"
                            + " PostgreSQL, paused campaigns served on.")
    boolean noAdServer;

    @Option(
            names = "--drift",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Lose a quarter of the budget counters' increments of campaign cmp-1, double a"
                            + " quarter of cmp-2, and so on for N campaigns (default: none).")
    int drift;

    @Mixin LogOptions log = new LogOptions();

    @Mixin ServiceOptions services = new ServiceOptions();

    @Option(names = "--json", description = "Report as JSON.")
    boolean json;

    @Option(names = "--quiet", description = "No progress line.")
    boolean quiet;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    private final WallClock wall = WallClock.SYSTEM;

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        new OptionCombinations(line)
                .check(log.from != null, out != null, !noAdServer, events, faults.clean);
        TrafficConsole console = new TrafficConsole(line.getOut(), line.getErr(), json, quiet);
        try {
            return log.from == null ? simulate(console) : replay(log.from, console);
        } catch (IOException e) {
            throw new ConfigException(explain(e), e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(line, String.valueOf(e.getMessage()), e);
        }
    }

    private int simulate(TrafficConsole console) throws IOException {
        RunSchedule schedule =
                new RunSchedule(rate, events, speed, start, platform.dailyCurve, out != null, wall);
        SimulationOptions options = simulationOptions(schedule);
        boolean shop = options.commerceShare() > 0;
        try (StopSignal stop = new StopSignal();
                RecordSink sink =
                        out == null
                                ? KafkaRecords.connect(
                                        services.kafkaAddress(), KafkaRecords.inputTopics(shop))
                                : NdjsonFiles.ofInput(out, shop ? commerceOut : null);
                LabelFile labelFile = labels == null ? null : new LabelFile(labels)) {
            SimulationRun run = new SimulationRun(schedule, sink, labelFile, stop, console);
            boolean complete =
                    out == null
                            ? new LiveSimulation(options, services, !noAdServer, drift, console)
                                    .send(run)
                            : run.send(new Simulation(options), null);
            return complete ? 0 : 1;
        }
    }

    private SimulationOptions simulationOptions(RunSchedule schedule) {
        boolean withoutShop = out != null && commerceOut == null;
        SimulationOptions.Builder builder =
                SimulationOptions.builder()
                        .seed(seed != null ? seed : ThreadLocalRandom.current().nextLong(1L << 53))
                        .rate(rate)
                        .start(schedule.start())
                        .dailyCurve(schedule.dailyCurve())
                        .commerceShare(withoutShop ? 0 : platform.commerceShare)
                        .linesOnly(out != null)
                        .scenarioAfter(scenarioAfter);
        platform.applyTo(builder);
        faults.applyTo(builder);
        if (schedule.pace() == Pacer.MAX) {
            builder.forBacklog(events);
        }
        scenarios.forEach(name -> builder.scenario(Scenario.named(name)));
        return builder.build();
    }

    private int replay(Path file, TrafficConsole console) throws IOException {
        double pace = speed != null ? speed : 1;
        return new ReplayRun(file, log, pace, events, services, wall, console).send();
    }

    private static String explain(IOException e) {
        return e instanceof FileSystemException file
                ? "The file "
                        + file.getFile()
                        + " cannot be used: "
                        + (e instanceof NoSuchFileException
                                ? "there is no such file or directory."
                                : e instanceof AccessDeniedException
                                        ? "access is denied."
                                        : file.getReason() + ".")
                : "Reading or writing a file failed: " + e.getMessage();
    }
}
