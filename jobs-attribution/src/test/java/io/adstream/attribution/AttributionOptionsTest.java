package io.adstream.attribution;

import io.adstream.jobtests.JobOptionsContract;

class AttributionOptionsTest extends JobOptionsContract {

    AttributionOptionsTest() {
        super(
                AttributionPipeline.JOB,
                AttributionJob.class,
                AttributionJob.options(),
                AttributionConfig::from);
    }
}
