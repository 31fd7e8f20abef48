package io.adstream.bench.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code ./adstream} commands on one data directory, as an operator would. */
public final class AdstreamCli {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private final Path dataDir;
    private final Path jobConf;
    private final Path outputs;

    /**
     * @param root the source tree
     * @param dataDir the data directory of the system
     * @param jobConf the folder of the jobs' configuration
     * @param outputs a folder for what commands print
     */
    public AdstreamCli(Path root, Path dataDir, Path jobConf, Path outputs) {
        this.root = root;
        this.dataDir = dataDir;
        this.jobConf = jobConf;
        this.outputs = outputs;
    }

    /** Runs a command to its end and gives what it printed; fails where it fails. */
    public String run(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(outputs, "command-", ".log");
        Process process = start(output, arguments);
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroy();
            throw new IOException("adstream " + List.of(arguments) + " did not end in 10 minutes");
        }
        String printed = Files.readString(output);
        Files.delete(output);
        if (process.exitValue() != 0) {
            throw new IOException(
                    "adstream "
                            + List.of(arguments)
                            + " ended with "
                            + process.exitValue()
                            + ":\n"
                            + printed);
        }
        return printed;
    }

    /** Starts a command in the background; what it prints goes to a file. */
    public Process start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(root.resolve("adstream").toString());
        command.addAll(List.of(arguments));
        command.add("--data-dir");
        command.add(dataDir.toString());
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(root.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().put("ADSTREAM_CONF_DIR", jobConf.toString());
        return builder.start();
    }

    /** What {@code status --json} says. */
    public JsonNode status() throws IOException, InterruptedException {
        String printed = run("status", "--json");
        return JSON.readTree(printed.substring(printed.indexOf('{')).getBytes(UTF_8));
    }

    /** The pid of one of the system's processes. */
    long pid(String process) throws IOException, InterruptedException {
        JsonNode pid = status().path("processes").path(process).path("pid");
        if (pid.asLong() <= 0) {
            throw new IOException("no process " + process);
        }
        return pid.asLong();
    }
}
