package io.adstream.local.traffic;

import io.adstream.common.config.ConfigException;
import io.adstream.local.DataDirOption;
import io.adstream.local.system.Endpoints;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    static final int ALL_LATE = 4;

    private static final Instant FILE_START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration TWENTY_YEARS = Duration.ofDays(20 * 365);
    private static final Duration CATCH_UP = Duration.ofHours(1);

    /** Between an event time and the watermark at which it is LATE: its minute, then 5 min. */
    private static final Duration LATE_AFTER = Duration.ofMinutes(6);

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

    @Option(
            names = "--duplicates",
            paramLabel = "SHARE",
            defaultValue = "0.01",
            description =
                    "Records sent again up to 3 min later, half of them to another partition"
                            + " (default: ${DEFAULT-VALUE}).")
    double duplicates;

    @Option(
            names = "--disordered",
            paramLabel = "SHARE",
            defaultValue = "0.2",
            description = "Events sent some time after they happen (default: ${DEFAULT-VALUE}).")
    double disordered;

    @Option(
            names = "--max-disorder",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationText.class,
            description = "At most so long after (default: ${DEFAULT-VALUE}).")
    Duration maxDisorder = Duration.ofSeconds(10);

    @Option(
            names = "--amending",
            paramLabel = "SHARE",
            defaultValue = "0.002",
            description =
                    "Records 80 to 240 s old: late, but within the allowed lateness, so that they"
                            + " amend a closed minute (default: ${DEFAULT-VALUE}).")
    double amending;

    @Option(
            names = "--late",
            paramLabel = "SHARE",
            defaultValue = "0.001",
            description =
                    "Records 30 to 50 min old, from 2 min after the start on: LATE. At speed max and"
                            + " into files from 400,000 records on (the second half of a shorter run),"
                            + " and older where the rate is low, since a backlog is read unevenly"
                            + " (default: ${DEFAULT-VALUE}).")
    double late;

    @Option(
            names = "--broken",
            paramLabel = "SHARE",
            defaultValue = "0.001",
            description =
                    "Records that must be rejected, every code alike (default: ${DEFAULT-VALUE}).")
    double broken;

    @Option(
            names = "--clean",
            description =
                    "No duplicate, disordered, amending, late or broken records. Not with the"
                            + " options of those shares.")
    boolean clean;

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

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description =
                    "Replay a log: one JSON record per line, plain or gzip. Lines that are not JSON"
                            + " are sent as they are.")
    @Nullable Path from;

    @Option(
            names = "--topic",
            paramLabel = "T",
            defaultValue = "ad-events",
            description =
                    "With --from: where to; commerce-events for a shop's log (default:"
                            + " ${DEFAULT-VALUE}).")
    String topic = "ad-events";

    @Option(
            names = "--shift-to-now",
            description =
                    "With --from: move event times by whole seconds so that at speed 1 the first"
                            + " record is now, faster the last one is. Nothing else of a record"
                            + " changes.")
    boolean shiftToNow;

    @Option(
            names = "--force",
            description = "With --from: send even if every record would be LATE.")
    boolean force;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka (default: of the running system, else localhost:9092).")
    @Nullable String bootstrapServers;

    @Option(
            names = "--redis",
            paramLabel = "HOST:PORT",
            description = "Redis of the ad server (default: of the running system).")
    @Nullable String redis;

    @Option(
            names = "--postgres",
            paramLabel = "JDBC-URL",
            description =
                    "PostgreSQL for campaigns and the metrics job's watermark (default: of the"
                            + " running system).")
    @Nullable String postgres;

    @Mixin DataDirOption dataDir = new DataDirOption();

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
        checkCombination();
        try {
            return from == null ? simulate() : replay(from);
        } catch (IOException e) {
            throw new ConfigException(explain(e), e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
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

    // ---- simulation ----

    private int simulate() throws IOException {
        double pace = speed != null ? speed : out == null ? 1 : Pacer.MAX;
        SimulationOptions options = simulationOptions(pace);
        boolean commerce = options.commerceShare() > 0;
        List<String> remarks = new ArrayList<>();
        try (StopSignal stop = new StopSignal();
                RecordSink sink = out == null ? connectSimulation() : openFiles(out, commerce);
                LabelFile labelFile = labels == null ? null : new LabelFile(labels)) {
            Simulation simulation = null;
            RedisAdServer adServer = null;
            AuditedAdServer audited = null;
            try {
                if (out == null) {
                    remark(remarks, pastWarning(options));
                    if (!noAdServer) {
                        Marketplace market = new Marketplace(options);
                        addCampaigns(market);
                        adServer = adServer(market);
                    }
                }
                if (adServer != null) {
                    audited = new AuditedAdServer(adServer, drift, options.seed());
                }
                simulation =
                        audited == null
                                ? new Simulation(options)
                                : new Simulation(options, audited);
                Instant began = Instant.now();
                Pacer pacer =
                        new Pacer(wall, options.start().toEpochMilli(), pace, out == null, stop);
                try (ProgressLine progress = progress(sink)) {
                    new SimulationRun(
                                    simulation,
                                    sink,
                                    pacer,
                                    stop,
                                    labelFile,
                                    (record, sent) -> at(progress, sent, record.sentAt()))
                            .run(events);
                }
                sink.close();
                TrafficReport report =
                        TrafficReport.ofSimulation(
                                simulation,
                                SpeedText.format(pace),
                                Duration.between(began, Instant.now()),
                                sink);
                if (audited != null) {
                    report.adServer(audited);
                }
                remarks.forEach(report::notice);
                print(report);
                return sink.delivered() == simulation.tally().sent() ? 0 : 1;
            } finally {
                if (adServer != null) {
                    adServer.close();
                }
            }
        }
    }

    private RecordSink connectSimulation() {
        return KafkaRecords.connect(kafkaAddress(), KafkaRecords.inputTopics(commerceShare > 0));
    }

    private RecordSink openFiles(Path adFile, boolean commerce) throws IOException {
        Map<String, Path> files = new HashMap<>();
        files.put(InputTopic.AD_EVENTS.topic(), adFile);
        if (commerce && commerceOut != null) {
            files.put(InputTopic.COMMERCE_EVENTS.topic(), commerceOut);
        }
        return new NdjsonFiles(files);
    }

    private SimulationOptions simulationOptions(double pace) {
        SimulationOptions.Builder builder =
                SimulationOptions.builder()
                        .seed(seed != null ? seed : ThreadLocalRandom.current().nextLong(1L << 53))
                        .rate(rate)
                        .start(startTime(pace))
                        .ads(ads)
                        .campaigns(campaigns)
                        .advertisers(advertisers)
                        .users(users)
                        .zipf(zipf)
                        .dailyCurve(swing(pace))
                        .commerceShare(out != null && commerceOut == null ? 0 : commerceShare)
                        .linesOnly(out != null)
                        .scenarioAfter(scenarioAfter);
        if (clean) {
            builder.clean();
        } else {
            builder.duplicates(duplicates)
                    .disordered(disordered)
                    .maxDisorder(maxDisorder)
                    .amending(amending)
                    .late(late)
                    .broken(broken);
        }
        if (pace == Pacer.MAX) {
            builder.forBacklog(events);
        }
        scenarios.forEach(name -> builder.scenario(Scenario.named(name)));
        return builder.build();
    }

    private Instant startTime(double pace) {
        if (start != null) {
            try {
                Instant time = Instant.parse(start);
                if (out == null && time.isAfter(Instant.now())) {
                    throw new IllegalArgumentException(
                            "The value "
                                    + start
                                    + " is not allowed for --start: events of the future would be"
                                    + " rejected; name a time that has passed.");
                }
                return time;
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "The value '"
                                + start
                                + "' is not a time for --start; write it like"
                                + " 2026-11-20T10:00:00Z.",
                        e);
            }
        }
        if (out != null) {
            return FILE_START;
        }
        Instant now = Instant.ofEpochMilli(wall.millis());
        if (pace <= 1) {
            return now;
        }
        if (rate > 0 && events / rate > TWENTY_YEARS.toSeconds()) {
            throw new IllegalArgumentException(
                    "At --rate "
                            + rate
                            + " the run of --events "
                            + events
                            + " would begin more than 20 years ago; raise the rate.");
        }
        boolean possible = rate > 0 && swing(pace) >= 0 && swing(pace) <= 0.9;
        Duration length =
                events > 0 && possible
                        ? SimulationClock.lengthUntil(wall.millis(), events, rate, swing(pace))
                        : CATCH_UP;
        return now.minusMillis((long) (length.toMillis() * (1 - 1 / pace)));
    }

    private double swing(double pace) {
        boolean live = pace == 1 && out == null;
        return dailyCurve != null ? dailyCurve : live ? 0 : 0.5;
    }

    /** What to say where a run begins behind a system that has moved on. */
    private @Nullable String pastWarning(SimulationOptions options) {
        Optional<Instant> watermark = watermark();
        if (watermark.isEmpty()) {
            return null;
        }
        Instant bound = watermark.get().minus(LATE_AFTER);
        return options.start().isBefore(bound)
                ? "The metrics job has come to "
                        + watermark.get()
                        + ": records before "
                        + bound
                        + " are LATE there, whatever the report expects of them. This run begins at "
                        + options.start()
                        + "; name a later --start, or fewer --events, or a higher --rate."
                : null;
    }

    private void addCampaigns(Marketplace market) {
        String url = postgresUrl();
        if (url == null) {
            return;
        }
        try {
            int added = new PlatformDatabase(url).addCampaigns(market.campaigns());
            if (added > 0) {
                say("Added " + added + " campaigns to budget.campaigns.");
            }
        } catch (SQLException e) {
            say("The campaigns were not added to PostgreSQL: " + e.getMessage());
        }
    }

    private @Nullable RedisAdServer adServer(Marketplace market) {
        String address = redisAddress();
        if (address == null) {
            return null;
        }
        int colon = address.lastIndexOf(':');
        try {
            return new RedisAdServer(
                    address.substring(0, colon),
                    Integer.parseInt(address.substring(colon + 1)),
                    market.campaigns(),
                    this::say);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "The value '" + address + "' is not allowed for --redis; write HOST:PORT.", e);
        }
    }

    // ---- replay ----

    private int replay(Path file) throws IOException {
        double pace = speed != null ? speed : 1;
        if (!Files.isRegularFile(file) && !Files.isReadable(file)) {
            throw new ConfigException("The file " + file + " cannot be read. Does it exist?");
        }
        Replay replay = new Replay(file, topic, wall);
        List<String> remarks = new ArrayList<>();
        Optional<Instant> watermark = shiftToNow ? Optional.empty() : watermark();
        long shift = 0;
        if (shiftToNow || watermark.isPresent()) {
            Replay.Times times = replay.times();
            if (times == null) {
                remark(remarks, "No line of " + file + " has an event_time that can be read.");
            } else if (shiftToNow) {
                shift = Replay.shiftToNow(times, pace, wall.millis());
            } else if (Replay.isLate(times.greatest(), watermark.get().toEpochMilli())) {
                String problem =
                        "Every record of "
                                + file
                                + " would be LATE: the newest is of "
                                + Instant.ofEpochMilli(times.greatest())
                                + ", and the metrics job has come to "
                                + watermark.get()
                                + ", more than 5 min after its minute.";
                if (!force) {
                    say(
                            problem
                                    + " Nothing was sent. Use --shift-to-now to move the event times to"
                                    + " now, start the system with ./adstream up --fresh --no-traffic to"
                                    + " begin empty, or send them nevertheless with --force.");
                    return ALL_LATE;
                }
                remark(remarks, problem);
            } else if (Replay.isLate(times.first(), watermark.get().toEpochMilli())) {
                remark(
                        remarks,
                        "The log begins behind the metrics job, which has come to "
                                + watermark.get()
                                + ": its older records are LATE there.");
            }
        }
        try (StopSignal stop = new StopSignal();
                RecordSink sink = KafkaRecords.connect(kafkaAddress(), List.of(topic))) {
            Instant began = Instant.now();
            try (ProgressLine progress = progress(sink)) {
                replay.run(
                        sink, pace, shift, events, stop, (sent, time) -> at(progress, sent, time));
            }
            sink.close();
            TrafficReport report =
                    TrafficReport.ofReplay(
                            replay,
                            file.toString(),
                            topic,
                            SpeedText.format(pace),
                            shift,
                            Duration.between(began, Instant.now()),
                            sink);
            remarks.forEach(report::notice);
            print(report);
            return sink.delivered() == replay.sent() ? 0 : 1;
        }
    }

    // ---- what both need ----

    private void checkCombination() {
        List<String> simulationOnly =
                List.of(
                        "--rate",
                        "--seed",
                        "--start",
                        "--scenario",
                        "--scenario-after",
                        "--out",
                        "--commerce-out",
                        "--labels",
                        "--ads",
                        "--campaigns",
                        "--advertisers",
                        "--users",
                        "--zipf",
                        "--daily-curve",
                        "--commerce-share",
                        "--duplicates",
                        "--disordered",
                        "--max-disorder",
                        "--amending",
                        "--late",
                        "--broken",
                        "--clean",
                        "--no-ad-server");
        if (from != null) {
            refuse(simulationOnly, "is of the simulation and has no meaning with --from");
        } else {
            refuse(List.of("--topic", "--shift-to-now", "--force"), "needs --from FILE");
        }
        if (out == null) {
            refuse(List.of("--commerce-out"), "needs --out FILE");
        } else if (events == 0) {
            throw usage("--out needs --events N: a file has to end.");
        }
        if (clean) {
            refuse(
                    List.of(
                            "--duplicates",
                            "--disordered",
                            "--max-disorder",
                            "--amending",
                            "--late",
                            "--broken"),
                    "contradicts --clean");
        }
        if (events < 0) {
            throw usage(
                    "The value " + events + " is not allowed for --events; allowed is 1 or more.");
        }
    }

    private void refuse(List<String> options, String reason) {
        for (String option : options) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw usage("The option " + option + " " + reason + ".");
            }
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private String kafkaAddress() {
        if (bootstrapServers != null) {
            return bootstrapServers;
        }
        return running().map(Endpoints::kafka).orElse("localhost:9092");
    }

    private @Nullable String redisAddress() {
        return redis != null ? redis : running().map(Endpoints::redis).orElse(null);
    }

    private @Nullable String postgresUrl() {
        return postgres != null
                ? postgres
                : running().map(Endpoints::postgresUrlWithPassword).orElse(null);
    }

    /** The running system's services; none where another Kafka is meant, whose they are not. */
    private Optional<Endpoints> running() {
        return bootstrapServers != null
                ? Optional.empty()
                : Endpoints.findRunning(dataDir.dataDir());
    }

    /** How far the metrics job has come; empty where nobody can tell. */
    private Optional<Instant> watermark() {
        String url = postgresUrl();
        if (url == null) {
            return Optional.empty();
        }
        try {
            return new PlatformDatabase(url)
                    .metricsWatermark()
                    .map(time -> time.truncatedTo(ChronoUnit.MILLIS));
        } catch (SQLException e) {
            say("How far the metrics job has come is unknown: " + e.getMessage());
            return Optional.empty();
        }
    }

    private @Nullable ProgressLine progress(RecordSink sink) {
        boolean watched = !quiet && !json && isTerminal();
        return watched ? new ProgressLine(err(), sink) : null;
    }

    @SuppressWarnings("SystemConsoleNull") // newer Java is asked what it knows
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there is a console even where the output goes into a pipe.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    private static void at(@Nullable ProgressLine progress, long sent, long time) {
        if (progress != null) {
            progress.at(sent, time);
        }
    }

    private void remark(List<String> remarks, @Nullable String remark) {
        if (remark != null) {
            remarks.add(remark);
            say(remark);
        }
    }

    private void say(String sentence) {
        err().println(sentence);
        err().flush();
    }

    private PrintWriter err() {
        CommandLine line = spec.commandLine();
        return line.getErr();
    }

    private void print(TrafficReport report) {
        PrintWriter writer = spec.commandLine().getOut();
        writer.println(json ? report.toJson() : report.toText());
        writer.flush();
    }
}
