package io.adstream.budget;

import io.adstream.jobtests.JobOptionsContract;

class BudgetOptionsTest extends JobOptionsContract {

    BudgetOptionsTest() {
        super(BudgetPipeline.JOB, BudgetJob.class, BudgetJob.options(), BudgetConfig::from);
    }
}
