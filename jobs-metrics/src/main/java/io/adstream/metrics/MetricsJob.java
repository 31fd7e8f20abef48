package io.adstream.metrics;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.OptionSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Starts the metrics job: {@code flink run adstream-metrics.jar [--config FILE] [--key value]…}.
 */
public final class MetricsJob {

    private MetricsJob() {}

    /** Every option that the job takes. */
    public static OptionSet[] options() {
        return CommonOptions.with(MetricsOptions.OPTIONS);
    }

    public static void main(String[] args) throws Exception {
        JobSettings settings = JobSettings.load(args, MetricsPipeline.JOB, options());
        MetricsConfig config = MetricsConfig.from(settings);
        StreamExecutionEnvironment environment = settings.environment();
        MetricsConnectors connectors = new MetricsConnectors(settings);
        connectors.attach(MetricsPipeline.build(connectors.inputs(environment), config), config);
        environment.execute("adstream-" + MetricsPipeline.JOB);
    }
}
