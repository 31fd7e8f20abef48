package io.adstream.local.system;

import io.adstream.local.process.ProcessIdentity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A system as it is seen from outside its supervisor.
 *
 * @param data its data directory
 * @param state what its supervisor wrote last
 */
public record RunningSystem(DataDir data, SystemState state) {

    /** The name of the supervisor's pid file. */
    public static final String SUPERVISOR = "supervisor";

    /**
     * The system that runs in a data directory.
     *
     * @throws io.adstream.local.CommandFailure where none runs
     */
    public static RunningSystem in(DataDir data) {
        return find(data).orElseThrow(() -> Endpoints.notUp(data));
    }

    /** The system that runs in a data directory: its supervisor does, or any of its processes. */
    public static Optional<RunningSystem> find(DataDir data) {
        return SystemState.read(data.stateFile())
                .map(state -> new RunningSystem(data, state))
                .filter(system -> system.supervisor().isPresent() || !system.processes().isEmpty());
    }

    /** The supervisor, where it runs. */
    public Optional<ProcessIdentity> supervisor() {
        return data.pidFile(SUPERVISOR).alive();
    }

    /** The processes that run, by name, in the order of their start. */
    public Map<String, ProcessIdentity> processes() {
        Map<String, ProcessIdentity> running = new LinkedHashMap<>();
        for (String name : state.processes()) {
            data.pidFile(name).alive().ifPresent(process -> running.put(name, process));
        }
        return running;
    }

    public Ports ports() {
        return new Ports(state.portOffset());
    }
}
