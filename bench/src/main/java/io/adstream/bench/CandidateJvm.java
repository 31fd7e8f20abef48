package io.adstream.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process of a candidate, seen from outside. */
final class CandidateJvm implements AutoCloseable {

    /** What Flink needs on Java 17. */
    private static final List<String> OPENS =
            List.of(
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/java.util=ALL-UNNAMED",
                    "--add-opens=java.base/java.time=ALL-UNNAMED",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED");

    private final ObjectMapper json = new ObjectMapper();
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;
    private final BufferedWriter log;
    private final Path logFile;

    private CandidateJvm(Process process, Path logFile) throws IOException {
        this.process = process;
        this.logFile = logFile;
        requests =
                new BufferedWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        log = Files.newBufferedWriter(logFile);
    }

    /**
     * Starts the JVM and waits until it takes requests.
     *
     * @param jvmArguments heap, collector and the like
     */
    static CandidateJvm start(
            Class<?> mainClass, Object settings, List<String> jvmArguments, Path logFile)
            throws IOException {
        List<String> command = command(jvmArguments, mainClass);
        CandidateJvm jvm =
                new CandidateJvm(
                        new ProcessBuilder(command).redirectErrorStream(true).start(), logFile);
        jvm.write(settings);
        jvm.answer();
        return jvm;
    }

    /** The command line of a JVM with this one's class path. */
    static List<String> command(List<String> jvmArguments, Class<?> mainClass) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.addAll(OPENS);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass.getName());
        return command;
    }

    RunResult run(RunRequest request) throws IOException {
        write(request);
        return json.readValue(answer(), RunResult.class);
    }

    private void write(Object value) throws IOException {
        requests.write(json.writeValueAsString(value));
        requests.newLine();
        requests.flush();
    }

    private String answer() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(CandidateMain.MARK)) {
                log.flush();
                return line.substring(CandidateMain.MARK.length());
            }
            log.write(line);
            log.newLine();
            log.flush();
        }
        log.flush();
        // A planner's stack is longer than what matters: what was thrown, and by what.
        List<String> lines =
                Files.readAllLines(logFile).stream()
                        .filter(line -> !line.startsWith("\tat "))
                        .toList();
        throw new IOException(
                "a candidate ended; the end of its log without stack frames ("
                        + logFile
                        + "):\n"
                        + String.join(
                                "\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())));
    }

    @Override
    public void close() throws IOException {
        try {
            requests.close();
        } catch (IOException e) {
            // It has ended already.
            log.write(String.valueOf(e.getMessage()));
        }
        boolean ended;
        try {
            ended = process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended = false;
        }
        if (!ended) {
            process.destroyForcibly();
        }
        log.close();
    }
}
