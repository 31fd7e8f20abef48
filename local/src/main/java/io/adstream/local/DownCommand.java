package io.adstream.local;

import io.adstream.local.system.Background;
import io.adstream.local.system.DataDir;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code adstream down}. */
@Command(
        name = "down",
        description = {
            "Stops what up started, and nothing else: the jobs with savepoints, then the processes.",
            "",
            "The data stays; up continues where it was. Exits with 0 also where nothing is up."
        })
final class DownCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin HelpOption help;
    @Mixin private DataDirOption dataDir;

    @Override
    public Integer call() {
        DataDir data = dataDir.dataDir();
        PrintWriter out = spec.commandLine().getOut();
        if (!new Background(data, out).down()) {
            out.println("adstream is not up (data directory " + data.root() + ").");
        }
        return ExitCode.OK;
    }
}
