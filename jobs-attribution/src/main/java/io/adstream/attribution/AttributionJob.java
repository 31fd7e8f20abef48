package io.adstream.attribution;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.OptionSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Starts the attribution job: {@code flink run adstream-attribution.jar [--config FILE] [--key
 * value]…}.
 */
public final class AttributionJob {

    private AttributionJob() {}

    /** Every option that the job takes. */
    public static OptionSet[] options() {
        return CommonOptions.with(AttributionOptions.OPTIONS);
    }

    public static void main(String[] args) throws Exception {
        JobSettings settings = JobSettings.load(args, AttributionPipeline.JOB, options());
        AttributionConfig config = AttributionConfig.from(settings);
        StreamExecutionEnvironment environment = settings.environment();
        AttributionConnectors connectors = new AttributionConnectors(settings);
        connectors.attach(AttributionPipeline.build(connectors.inputs(environment), config));
        environment.execute("adstream-" + AttributionPipeline.JOB);
    }
}
