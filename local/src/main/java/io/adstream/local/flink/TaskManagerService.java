package io.adstream.local.flink;

import io.adstream.local.process.ProcessSpec;
import io.adstream.local.service.Service;

/** One of Flink's TaskManagers. */
public final class TaskManagerService implements Service {

    private static final String PREFIX = "taskmanager-";

    private final FlinkProcesses flink;
    private final FlinkRest rest;
    private final String name;
    private final int slots;

    /**
     * @param number counts from 1
     * @param slots how many slots it offers
     */
    public TaskManagerService(FlinkProcesses flink, FlinkRest rest, int number, int slots) {
        this.flink = flink;
        this.rest = rest;
        this.name = PREFIX + number;
        this.slots = slots;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String address() {
        return slots + " slots";
    }

    @Override
    public void prepare() {
        // The configuration is written before the first of Flink's processes starts.
    }

    @Override
    public ProcessSpec process(int attempt) {
        return flink.taskManager(name, attempt);
    }

    @Override
    public boolean answers() {
        return rest.taskManagers().stream().anyMatch(id -> id.startsWith(name));
    }
}
