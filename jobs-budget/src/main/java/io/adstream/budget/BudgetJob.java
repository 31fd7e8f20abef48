package io.adstream.budget;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.FlinkOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.config.PostgresOptions;
import io.adstream.common.config.RedisOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Starts the budget job: {@code flink run adstream-budget.jar [--config FILE] [--key value]…}. */
public final class BudgetJob {

    private BudgetJob() {}

    public static void main(String[] args) throws Exception {
        JobSettings settings =
                JobSettings.load(
                        args,
                        BudgetPipeline.JOB,
                        CommonOptions.OPTIONS,
                        KafkaOptions.OPTIONS,
                        RedisOptions.OPTIONS,
                        PostgresOptions.OPTIONS,
                        FlinkOptions.OPTIONS,
                        BudgetOptions.OPTIONS);
        BudgetConfig config = BudgetConfig.from(settings);
        StreamExecutionEnvironment environment = settings.environment();
        BudgetConnectors connectors = new BudgetConnectors(settings);
        connectors.attach(BudgetPipeline.build(connectors.inputs(environment, config), config));
        environment.execute("adstream-" + BudgetPipeline.JOB);
    }
}
