package io.adstream.local;

import io.adstream.local.system.DataDir;
import io.adstream.local.system.RunningSystem;
import io.adstream.local.system.StatusReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code adstream status}. */
@Command(
        name = "status",
        sortOptions = false,
        description = {
            "Shows addresses, jobs and processes.",
            "",
            "Exits with 3 where nothing is up. The JSON holds the password of PostgreSQL's user."
        })
final class StatusCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin HelpOption help;
    @Mixin private DataDirOption dataDir;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(
            names = "--check",
            description =
                    "Judge: exit with 0 only when every process and job runs, watermarks and"
                            + " checkpoints are recent, and Kafka refused no commit; else with 1, and"
                            + " say what is wrong.")
    private boolean check;

    @Option(
            names = "--max-watermark-lag",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "With --check: how far time may be behind (default: ${DEFAULT-VALUE}).")
    private long maxWatermarkLag;

    @Override
    public Integer call() {
        DataDir data = dataDir.dataDir();
        StatusReport report = StatusReport.of(RunningSystem.in(data));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(report.toJson());
        } else if (!check) {
            out.println(report.toText());
        }
        if (!check) {
            return ExitCode.OK;
        }
        List<String> problems = report.problems(Duration.ofSeconds(maxWatermarkLag));
        // With --json, standard output is JSON and nothing else.
        PrintWriter to = json ? spec.commandLine().getErr() : out;
        problems.forEach(problem -> to.println("not well: " + problem));
        if (problems.isEmpty() && !json) {
            out.println("all is well");
        }
        return problems.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
    }
}
