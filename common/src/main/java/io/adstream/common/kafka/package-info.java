/** Kafka topics as {@code conf/topics.yaml} declares them, sources and exactly-once sinks. */
package io.adstream.common.kafka;
