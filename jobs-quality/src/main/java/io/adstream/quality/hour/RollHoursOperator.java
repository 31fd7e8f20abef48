package io.adstream.quality.hour;

import io.adstream.quality.input.AdWindow;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Runs {@link RollHours}, and keeps to itself that the input is idle. Were it passed on, a task
 * behind could hear of new input from one subtask before the others, take its time for that of all,
 * and end a refresh without their ads. Each subtask here has the time of every source subtask, so
 * none can be stuck while another moves on.
 */
public final class RollHoursOperator extends KeyedProcessOperator<String, AdWindow, AdHour> {

    private static final long serialVersionUID = 1L;

    public RollHoursOperator(RollHours rollHours) {
        super(rollHours);
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) {
        // Time stands still while the input is silent; nobody behind needs to know.
    }
}
