package io.adstream.features;

import io.adstream.jobtests.JobOptionsContract;

class FeaturesOptionsTest extends JobOptionsContract {

    FeaturesOptionsTest() {
        super(FeaturesPipeline.JOB, FeaturesJob.class, FeaturesJob.options(), FeaturesConfig::from);
    }
}
