package io.adstream.features;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.OptionSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Starts the features job: {@code flink run adstream-features.jar [--config FILE] [--key value]…}.
 */
public final class FeaturesJob {

    private FeaturesJob() {}

    /** Every option that the job takes. */
    public static OptionSet[] options() {
        return CommonOptions.with(FeaturesOptions.OPTIONS);
    }

    public static void main(String[] args) throws Exception {
        JobSettings settings = JobSettings.load(args, FeaturesPipeline.JOB, options());
        FeaturesConfig config = FeaturesConfig.from(settings);
        StreamExecutionEnvironment environment = settings.environment();
        FeaturesConnectors connectors = new FeaturesConnectors(settings);
        connectors.attach(FeaturesPipeline.build(connectors.inputs(environment, config), config));
        environment.execute("adstream-" + FeaturesPipeline.JOB);
    }
}
