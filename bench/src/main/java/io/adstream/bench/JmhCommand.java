package io.adstream.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs the micro-benchmarks. */
@Command(
        name = "jmh",
        mixinStandardHelpOptions = true,
        description = "Micro-benchmarks: ParserBenchmark, DedupBenchmark, CodecBenchmark.")
final class JmhCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            paramLabel = "PATTERN",
            description = "regular expressions of benchmark names; options of JMH after --")
    List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        org.openjdk.jmh.Main.main(arguments.toArray(new String[0]));
        return 0;
    }
}
