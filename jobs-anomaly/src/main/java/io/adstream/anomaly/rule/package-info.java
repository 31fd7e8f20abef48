/** What is watched for: rules, their parameters, and how they change while the job runs. */
@NullMarked
package io.adstream.anomaly.rule;

import org.jspecify.annotations.NullMarked;
