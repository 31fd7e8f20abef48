package io.adstream.local;

import io.adstream.local.process.FileRelay;
import io.adstream.local.process.LogTail;
import io.adstream.local.process.Pause;
import io.adstream.local.system.DataDir;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adstream logs}. */
@Command(
        name = "logs",
        description = {
            "Shows the end of a process's log.",
            "",
            "Without a process it lists the logs that there are. A process's log is <process>.log;"
                    + " what its JVM prints beside it is <process>.out."
        })
final class LogsCommand implements Callable<Integer> {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    @Spec private CommandSpec spec;
    @Mixin HelpOption help;
    @Mixin private DataDirOption dataDir;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PROCESS",
            description = "As status names it, such as kafka, jobmanager or supervisor.")
    private @Nullable String process;

    @Option(
            names = "-n",
            paramLabel = "N",
            defaultValue = "50",
            description = "Lines to show (default: ${DEFAULT-VALUE}).")
    private int lines;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on showing what is added, until Ctrl-C.")
    private boolean follow;

    @Override
    public Integer call() throws IOException {
        DataDir data = dataDir.dataDir();
        PrintWriter out = spec.commandLine().getOut();
        if (!Files.isDirectory(data.logs())) {
            throw new CommandFailure(
                    "There are no logs: nothing was ever started in " + data.root() + ".");
        }
        if (process == null) {
            for (String name : names(data)) {
                out.println(name + "  " + Files.size(data.logs().resolve(name)) + " bytes");
            }
            return ExitCode.OK;
        }
        Path log = file(data, process);
        FileRelay relay = FileRelay.fromEnd(log, out);
        LogTail.of(log, lines).forEach(out::println);
        out.flush();
        while (follow) {
            relay.pass();
            Pause.of(LOOK_AGAIN);
        }
        return ExitCode.OK;
    }

    private Path file(DataDir data, String name) throws IOException {
        List<String> names = names(data);
        for (String candidate : List.of(name + ".log", name + ".out", name)) {
            if (names.contains(candidate)) {
                return data.logs().resolve(candidate);
            }
        }
        throw new CommandFailure(
                ExitCode.USAGE,
                "There is no log of " + name + "; there are: " + String.join(", ", names) + ".");
    }

    private static List<String> names(DataDir data) throws IOException {
        try (Stream<Path> files = Files.list(data.logs())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
