package io.adstream.local.flink;

import io.adstream.local.CommandFailure;
import io.adstream.local.install.Installation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hands jobs to the cluster by Flink's own command line, {@code flink run}. */
public final class JobLauncher {

    private static final Pattern ID = Pattern.compile("JobID ([0-9a-f]{32})");

    private final FlinkProcesses flink;
    private final Path jobConf;
    private final Path logs;
    private final int restPort;

    /**
     * @param jobConf the folder with {@code <job>.yaml}
     * @param logs the folder for what the command line says
     */
    public JobLauncher(FlinkProcesses flink, Path jobConf, Path logs, int restPort) {
        this.flink = flink;
        this.jobConf = jobConf;
        this.logs = logs;
        this.restPort = restPort;
    }

    /**
     * Submits a job.
     *
     * @param from the checkpoint or savepoint to restore; null for none
     * @return the id that the cluster gave it
     * @throws Refused where its own program or the cluster did not accept it
     */
    public String submit(String job, Path jar, @Nullable Path from, List<String> arguments) {
        Path log = logs.resolve("submit-" + job + ".log");
        List<String> command = new ArrayList<>(flink.commandLine(log));
        command.addAll(List.of("run", "--detached", "--jobmanager", "127.0.0.1:" + restPort));
        if (from != null) {
            command.addAll(
                    List.of("--fromSavepoint", FlinkPaths.uri(from), "-claimMode", "NO_CLAIM"));
        }
        command.add(jar.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(flink.environment());
        builder.environment().put(Installation.CONF_DIR_VARIABLE, jobConf.toString());
        String printed;
        try {
            Process process = builder.start();
            printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            Files.writeString(log, printed, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new CommandFailure("Flink's command line cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while " + job + " was being submitted", e);
        }
        Matcher id = ID.matcher(printed);
        if (!id.find()) {
            throw new Refused(printed, log);
        }
        return id.group(1);
    }

    /** A job that was not accepted, with all that was printed, stack traces included. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String printed;

        Refused(String printed, Path log) {
            super(FailureText.cause(printed) + "\n(all of it in " + log + ")");
            this.printed = printed;
        }

        String printed() {
            return printed;
        }
    }
}
