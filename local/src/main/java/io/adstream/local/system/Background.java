package io.adstream.local.system;

import io.adstream.local.CommandFailure;
import io.adstream.local.ExitCode;
import io.adstream.local.install.Installation;
import io.adstream.local.process.FileRelay;
import io.adstream.local.process.Launcher;
import io.adstream.local.process.Pause;
import io.adstream.local.process.ProcessIdentity;
import io.adstream.local.process.ProcessSpec;
import io.adstream.local.system.SystemState.Phase;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A supervisor in the background, as the commands that start and stop it see it. */
public final class Background {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final DataDir data;
    private final PrintWriter out;

    public Background(DataDir data, PrintWriter out) {
        this.data = data;
        this.out = out;
    }

    /**
     * Starts a supervisor and returns once the system is up, passing on what it says.
     *
     * @param arguments of an {@code up} in the foreground
     * @return what the command exits with
     */
    public int up(List<String> arguments) {
        data.prepare();
        Path output = data.log(RunningSystem.SUPERVISOR);
        FileRelay relay = FileRelay.fromEnd(output, out);
        Process process =
                Launcher.start(
                        new ProcessSpec(
                                RunningSystem.SUPERVISOR,
                                command(arguments),
                                Map.of("ADSTREAM_DATA_DIR", data.root().toString()),
                                output,
                                output));
        Thread interrupted = new Thread(process::destroy, "interrupted");
        Runtime.getRuntime().addShutdownHook(interrupted);
        while (process.isAlive() && !isUp(process.pid())) {
            relay.pass();
            Pause.of(LOOK_AGAIN);
        }
        relay.pass();
        Runtime.getRuntime().removeShutdownHook(interrupted);
        return process.isAlive() ? ExitCode.OK : process.exitValue();
    }

    private boolean isUp(long pid) {
        return RunningSystem.find(data)
                .filter(system -> system.state().phase() == Phase.UP)
                .flatMap(RunningSystem::supervisor)
                .filter(supervisor -> supervisor.pid() == pid)
                .isPresent();
    }

    /**
     * Stops the system, passing on what its supervisor says meanwhile.
     *
     * @return whether there was a system to stop
     */
    public boolean down() {
        RunningSystem system = RunningSystem.find(data).orElse(null);
        if (system == null) {
            return false;
        }
        Optional<ProcessIdentity> supervisor = system.supervisor();
        if (supervisor.isPresent()) {
            FileRelay relay = FileRelay.fromEnd(data.log(RunningSystem.SUPERVISOR), out);
            supervisor.get().handle().ifPresent(ProcessHandle::destroy);
            while (supervisor.get().isAlive()) {
                relay.pass();
                Pause.of(LOOK_AGAIN);
            }
            relay.pass();
        }
        // What a supervisor that was killed has left.
        SystemState state = SystemState.read(data.stateFile()).orElse(system.state());
        if (RunningSystem.find(data).isPresent()) {
            new SystemStop(
                            data,
                            state,
                            message -> {
                                out.println(message);
                                out.flush();
                            })
                    .stopAll();
        }
        if (state.phase() != Phase.DOWN && state.phase() != Phase.FAILED) {
            state.in(Phase.DOWN, null).write(data.stateFile());
        }
        if (RunningSystem.find(data).isPresent()) {
            throw new CommandFailure(
                    "These do not stop: "
                            + String.join(", ", RunningSystem.in(data).processes().keySet())
                            + "; see "
                            + data.logs()
                            + ".");
        }
        return true;
    }

    private static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Installation.java());
        String options = System.getenv("ADSTREAM_JAVA_OPTS");
        if (options != null && !options.isBlank()) {
            command.addAll(Arrays.asList(options.trim().split("\\s+", -1)));
        }
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-D" + Installation.ROOT_PROPERTY + "=" + Installation.current().root());
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.adstream.local.Adstream"));
        command.addAll(arguments);
        return command;
    }
}
