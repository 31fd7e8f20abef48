package io.adstream.budget;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.OptionSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Starts the budget job: {@code flink run adstream-budget.jar [--config FILE] [--key value]…}. */
public final class BudgetJob {

    private BudgetJob() {}

    /** Every option that the job takes. */
    public static OptionSet[] options() {
        return CommonOptions.with(BudgetOptions.OPTIONS);
    }

    public static void main(String[] args) throws Exception {
        JobSettings settings = JobSettings.load(args, BudgetPipeline.JOB, options());
        BudgetConfig config = BudgetConfig.from(settings);
        StreamExecutionEnvironment environment = settings.environment();
        BudgetConnectors connectors = new BudgetConnectors(settings);
        connectors.attach(BudgetPipeline.build(connectors.inputs(environment, config), config));
        environment.execute("adstream-" + BudgetPipeline.JOB);
    }
}
