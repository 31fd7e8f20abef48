package io.adstream.local.flink;

import io.adstream.local.process.ProcessSpec;
import io.adstream.local.service.Service;

/** Flink's JobManager, as session cluster without high availability. */
public final class JobManagerService implements Service {

    public static final String NAME = "jobmanager";

    private final FlinkProcesses flink;
    private final FlinkRest rest;

    public JobManagerService(FlinkProcesses flink, FlinkRest rest) {
        this.flink = flink;
        this.rest = rest;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String address() {
        return rest.address();
    }

    @Override
    public void prepare() {
        // The configuration is written before the first of Flink's processes starts.
    }

    @Override
    public ProcessSpec process(int attempt) {
        return flink.jobManager(NAME);
    }

    @Override
    public boolean answers() {
        return rest.answers();
    }
}
