package io.adstream.quality;

import io.adstream.jobtests.JobOptionsContract;

class QualityOptionsTest extends JobOptionsContract {

    QualityOptionsTest() {
        super(QualityPipeline.JOB, QualityJob.class, QualityJob.options(), QualityConfig::from);
    }
}
