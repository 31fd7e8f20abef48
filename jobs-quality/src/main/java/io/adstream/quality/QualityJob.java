package io.adstream.quality;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.OptionSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Starts the quality job: {@code flink run adstream-quality.jar [--config FILE] [--key value]…}.
 */
public final class QualityJob {

    private QualityJob() {}

    /** Every option that the job takes. */
    public static OptionSet[] options() {
        return CommonOptions.with(QualityOptions.OPTIONS);
    }

    public static void main(String[] args) throws Exception {
        JobSettings settings = JobSettings.load(args, QualityPipeline.JOB, options());
        QualityConfig config = QualityConfig.from(settings);
        StreamExecutionEnvironment environment = settings.environment();
        QualityConnectors connectors = new QualityConnectors(settings);
        connectors.attach(QualityPipeline.build(connectors.inputs(environment, config), config));
        environment.execute("adstream-" + QualityPipeline.JOB);
    }
}
