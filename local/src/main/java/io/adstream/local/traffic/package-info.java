/**
 * The {@code traffic} command: a seeded simulator of a small ad platform, and the replay of a
 * user's own log.
 *
 * <p>{@link io.adstream.local.traffic.TrafficCommand} holds the options and ties the rest together.
 *
 * <ul>
 *   <li>The simulator, {@link io.adstream.local.traffic.Simulation}, is pure: no clock, no IO, the
 *       same options give the same records. {@code Marketplace}, {@code AdServing} and {@code
 *       Products} are what is offered; {@code Audience}, {@code AdVisits}, {@code CustomerJourneys}
 *       and {@code Shop} what people do; {@code Faults} and {@code Disorder} what goes wrong on the
 *       way; {@code IncidentPlan} the scenarios; {@code AdEventRecords} and {@code
 *       CommerceEventRecords} write the bytes.
 *   <li>What sends: {@code SimulationRun} and {@code ReplayRun} send and report one run, paced by
 *       {@code Pacer}, into a {@code RecordSink}: {@code KafkaRecords} or {@code NdjsonFiles}.
 *       {@code LiveSimulation} is the simulator in a running system, with {@code RedisAdServer}.
 *   <li>What is read: {@code LogFile} and {@code LogLine}, for {@code Replay}.
 *   <li>What is said: {@code TrafficConsole}, {@code TrafficReport}, {@code LabelFile}.
 * </ul>
 */
@NullMarked
package io.adstream.local.traffic;

import org.jspecify.annotations.NullMarked;
