package io.adstream.budget.row;

import io.adstream.common.store.BatchWriter;
import io.adstream.common.store.BatchWriterFactory;
import java.io.IOException;
import java.util.List;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * Measures, in ms, how long a pause takes from the append of the click that causes it to the
 * acknowledgement of the status by Redis.
 */
public final class MeasuredStatuses implements BatchWriter<CampaignStatus> {

    private static final int REMEMBERED = 1000;

    private final BatchWriter<CampaignStatus> writer;
    private final Histogram latency;

    private MeasuredStatuses(BatchWriter<CampaignStatus> writer, Histogram latency) {
        this.writer = writer;
        this.latency = latency;
    }

    /** The same writers, measured. */
    public static BatchWriterFactory<CampaignStatus> of(
            BatchWriterFactory<CampaignStatus> writers) {
        return (metrics, subtask) ->
                new MeasuredStatuses(
                        writers.open(metrics, subtask),
                        metrics.addGroup("adstream")
                                .histogram(
                                        "pauseLatencyMs",
                                        new DescriptiveStatisticsHistogram(REMEMBERED)));
    }

    @Override
    public void write(List<CampaignStatus> statuses) throws IOException, InterruptedException {
        writer.write(statuses);
        long now = System.currentTimeMillis();
        for (CampaignStatus status : statuses) {
            if (status.causedAt() > 0) {
                latency.update(now - status.causedAt());
            }
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
