package io.adstream.anomaly;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.OptionSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Starts the anomaly job: {@code flink run adstream-anomaly.jar [--config FILE] [--key value]…}.
 */
public final class AnomalyJob {

    private AnomalyJob() {}

    /** Every option that the job takes. */
    public static OptionSet[] options() {
        return CommonOptions.with(AnomalyOptions.OPTIONS, NotifyOptions.OPTIONS);
    }

    public static void main(String[] args) throws Exception {
        JobSettings settings = JobSettings.load(args, AnomalyPipeline.JOB, options());
        AnomalyConfig config = AnomalyConfig.from(settings);
        StreamExecutionEnvironment environment = settings.environment();
        AnomalyConnectors connectors = new AnomalyConnectors(settings);
        connectors.attach(AnomalyPipeline.build(connectors.inputs(environment), config), config);
        environment.execute("adstream-" + AnomalyPipeline.JOB);
    }
}
