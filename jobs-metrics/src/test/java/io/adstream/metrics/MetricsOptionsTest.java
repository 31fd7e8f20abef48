package io.adstream.metrics;

import io.adstream.jobtests.JobOptionsContract;

class MetricsOptionsTest extends JobOptionsContract {

    MetricsOptionsTest() {
        super(MetricsPipeline.JOB, MetricsJob.class, MetricsJob.options(), MetricsConfig::from);
    }
}
