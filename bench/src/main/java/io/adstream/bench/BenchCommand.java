package io.adstream.bench;

import io.adstream.bench.anomaly.AnomalyCommand;
import io.adstream.bench.proof.ProofCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code bench/run}. */
@Command(
        name = "bench/run",
        mixinStandardHelpOptions = true,
        description = "Benchmarks of adstream beside the alternatives; see bench/README.md.",
        subcommands = {
            MetricsCommand.class,
            AttributionCommand.class,
            FeaturesCommand.class,
            LiveCommand.class,
            BudgetCommand.class,
            AnomalyCommand.class,
            DashboardCommand.class,
            JmhCommand.class,
            ProofCommand.class
        })
public final class BenchCommand {

    private BenchCommand() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new BenchCommand()).execute(args));
    }
}
