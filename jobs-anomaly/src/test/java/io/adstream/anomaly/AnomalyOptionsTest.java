package io.adstream.anomaly;

import io.adstream.jobtests.JobOptionsContract;

class AnomalyOptionsTest extends JobOptionsContract {

    AnomalyOptionsTest() {
        super(AnomalyPipeline.JOB, AnomalyJob.class, AnomalyJob.options(), AnomalyConfig::from);
    }
}
