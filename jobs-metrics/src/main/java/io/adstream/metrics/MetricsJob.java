package io.adstream.metrics;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.FlinkOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.config.PostgresOptions;
import io.adstream.common.config.RedisOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Starts the metrics job: {@code flink run adstream-metrics.jar [--config FILE] [--key value]…}.
 */
public final class MetricsJob {

    private MetricsJob() {}

    public static void main(String[] args) throws Exception {
        JobSettings settings =
                JobSettings.load(
                        args,
                        MetricsPipeline.JOB,
                        CommonOptions.OPTIONS,
                        KafkaOptions.OPTIONS,
                        RedisOptions.OPTIONS,
                        PostgresOptions.OPTIONS,
                        FlinkOptions.OPTIONS,
                        MetricsOptions.OPTIONS);
        MetricsConfig config = MetricsConfig.from(settings);
        StreamExecutionEnvironment environment = settings.environment();
        MetricsConnectors connectors = new MetricsConnectors(settings);
        connectors.attach(MetricsPipeline.build(connectors.inputs(environment), config), config);
        environment.execute("adstream-" + MetricsPipeline.JOB);
    }
}
