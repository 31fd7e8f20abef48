package io.adstream.local.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adstream.common.event.RejectCode;
import io.adstream.common.money.Micros;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What a run sent, as JSON for scripts and as text for people. */
final class TrafficReport {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode json = JSON.createObjectNode();
    private final List<String> text = new ArrayList<>();

    private TrafficReport() {}

    static TrafficReport ofSimulation(
            Simulation simulation, String speed, Duration took, RecordSink sink) {
        TrafficReport report = new TrafficReport();
        report.simulation(simulation, speed, took);
        report.delivery(simulation.tally().sent(), sink);
        return report;
    }

    /** What was done as an ad server. */
    void adServer(AuditedAdServer server) {
        ObjectNode node = json.putObject("ad_server");
        node.put("spent", decimal(server.spentMicros()));
        node.put("withheld_impressions", server.withheld());
        ArrayNode drifts = node.putArray("drift");
        text.add(
                String.format(
                        Locale.ROOT,
                        "As ad server: spent %s, withheld %,d impressions of paused campaigns.",
                        Micros.format(server.spentMicros()),
                        server.withheld()));
        for (AuditedAdServer.Drift drift : server.drifts()) {
            ObjectNode entry = drifts.addObject();
            entry.put("campaign_id", drift.campaign());
            entry.put("kind", drift.doubled() ? "DOUBLED" : "LOST");
            entry.put("amount", decimal(drift.micros()));
            text.add(
                    "  "
                            + drift.campaign()
                            + ": increments "
                            + (drift.doubled() ? "doubled" : "lost")
                            + ", its counters are off by "
                            + Micros.format(drift.micros()));
        }
    }

    static TrafficReport ofReplay(
            Replay replay,
            String file,
            String topic,
            String speed,
            long shiftSeconds,
            Duration took,
            RecordSink sink) {
        TrafficReport report = new TrafficReport();
        report.replay(replay, file, topic, speed, shiftSeconds, took);
        report.delivery(replay.sent(), sink);
        return report;
    }

    private void simulation(Simulation simulation, String speed, Duration took) {
        Tally tally = simulation.tally();
        SimulationOptions options = simulation.options();
        json.put("mode", "simulation");
        json.put("seed", options.seed());
        json.put("rate", options.rate());
        json.put("speed", speed);
        json.put("start", options.start().toString());
        json.put("took_ms", took.toMillis());
        json.put("sent", tally.sent());
        text.add(
                String.format(
                        Locale.ROOT,
                        "Sent %,d records in %s. Seed %d, rate %s, start %s.",
                        tally.sent(),
                        seconds(took),
                        options.seed(),
                        plain(options.rate()),
                        options.start()));
        text.add(
                String.format(
                        Locale.ROOT,
                        "  %-16s %14s %14s %11s %9s %9s",
                        "topic",
                        "sent",
                        "valid",
                        "duplicate",
                        "late",
                        "rejected"));
        ObjectNode topics = json.putObject("topics");
        for (InputTopic topic : InputTopic.values()) {
            Tally.OfTopic counts = tally.of(topic);
            if (counts.sent() == 0) {
                continue;
            }
            ObjectNode node = topics.putObject(topic.topic());
            node.put("sent", counts.sent());
            for (Verdict verdict : Verdict.values()) {
                node.put(verdict.name().toLowerCase(Locale.ROOT), counts.of(verdict));
            }
            text.add(
                    String.format(
                            Locale.ROOT,
                            "  %-16s %,14d %,14d %,11d %,9d %,9d",
                            topic.topic(),
                            counts.sent(),
                            counts.of(Verdict.VALID),
                            counts.of(Verdict.DUPLICATE),
                            counts.of(Verdict.LATE),
                            counts.of(Verdict.REJECTED)));
            codes(node.putObject("rejected_by_code"), topic.topic(), counts.rejectedByCode());
        }
        times(tally.firstEventTime(), tally.lastEventTime());
        ObjectNode valid = json.putObject("valid_ad_events");
        valid.put("impressions", tally.impressions());
        valid.put("clicks", tally.clicks());
        valid.put("conversions", tally.conversions());
        valid.put("total_cost", decimal(tally.costMicros()));
        valid.put("total_revenue", decimal(tally.revenueMicros()));
        valid.put("conversions_without_ad", tally.conversionsWithoutAd());
        valid.put("revenue_without_ad", decimal(tally.revenueWithoutAdMicros()));
        json.put("amending", tally.amending());
        text.add(
                String.format(
                        Locale.ROOT,
                        "Valid ad events: %,d impressions, %,d clicks, %,d conversions, cost %s,"
                                + " revenue %s.",
                        tally.impressions(),
                        tally.clicks(),
                        tally.conversions(),
                        Micros.format(tally.costMicros()),
                        Micros.format(tally.revenueMicros())));
        text.add(
                String.format(
                        Locale.ROOT,
                        "  %,d more conversions (revenue %s) name no ad and count into no window;"
                                + " %,d of the valid records amend a closed minute.",
                        tally.conversionsWithoutAd(),
                        Micros.format(tally.revenueWithoutAdMicros()),
                        tally.amending()));
        journeys(tally);
        incidents(simulation);
    }

    private void journeys(Tally tally) {
        ObjectNode node = json.putObject("journeys");
        long known = 0;
        for (Journey.Reach reach : Journey.Reach.values()) {
            node.put(reach.name().toLowerCase(Locale.ROOT), tally.journeys(reach));
            known += tally.journeys(reach);
        }
        long unknown = tally.conversions() + tally.conversionsWithoutAd() - known;
        node.put("unknown", unknown);
        text.add(
                String.format(
                        Locale.ROOT,
                        "Journeys: the clicks that led to %,d conversions are known; of %,d one was"
                                + " in the same session, of %,d only on the same device, of %,d none"
                                + " can be found. %,d conversions had none.",
                        known,
                        tally.journeys(Journey.Reach.SESSION),
                        tally.journeys(Journey.Reach.DEVICE),
                        tally.journeys(Journey.Reach.NONE),
                        unknown));
    }

    private void incidents(Simulation simulation) {
        ArrayNode nodes = json.putArray("incidents");
        for (Incident incident : simulation.incidents()) {
            boolean reached = incident.from() <= simulation.now();
            long end = Math.min(incident.to(), Math.max(incident.from(), simulation.now()));
            ObjectNode node = nodes.addObject();
            node.put("scenario", incident.scenario());
            node.put("entity_type", incident.entityType());
            node.put("entity_id", incident.entityId());
            node.put("from", iso(incident.from()));
            node.put("to", iso(end));
            node.put("note", incident.note());
            node.put("reached", reached);
            text.add(
                    reached
                            ? "Incident "
                                    + incident.scenario()
                                    + ": "
                                    + incident.entityType()
                                    + " "
                                    + incident.entityId()
                                    + ", "
                                    + iso(incident.from())
                                    + " to "
                                    + iso(end)
                                    + ", "
                                    + incident.note()
                                    + "."
                            : "Incident "
                                    + incident.scenario()
                                    + " was not reached: it begins at "
                                    + iso(incident.from())
                                    + ".");
        }
    }

    private void replay(
            Replay replay,
            String file,
            String topic,
            String speed,
            long shiftSeconds,
            Duration took) {
        json.put("mode", "replay");
        json.put("file", file);
        json.put("topic", topic);
        json.put("speed", speed);
        json.put("shift_seconds", shiftSeconds);
        json.put("took_ms", took.toMillis());
        json.put("lines", replay.lines());
        json.put("blank_lines", replay.blankLines());
        json.put("sent", replay.sent());
        json.put("not_json", replay.notJson());
        json.put("without_time", replay.withoutTime());
        text.add(
                String.format(
                        Locale.ROOT,
                        "Sent %,d records of %s to %s in %s%s.",
                        replay.sent(),
                        file,
                        topic,
                        seconds(took),
                        shiftSeconds == 0
                                ? ""
                                : ", event times moved by " + Duration.ofSeconds(shiftSeconds)));
        times(replay.firstTime(), replay.lastTime());
        if (replay.blankLines() > 0) {
            text.add(String.format(Locale.ROOT, "Left out: %,d blank lines.", replay.blankLines()));
        }
        if (replay.notJson() > 0) {
            text.add(
                    String.format(
                            Locale.ROOT,
                            "%,d lines are not one JSON object; they were sent as they are and"
                                    + " belong on the dead-letter topic.",
                            replay.notJson()));
        }
        if (replay.isJudged()) {
            json.put("valid", replay.valid());
            StringJoiner types = new StringJoiner(", ");
            ObjectNode byType = json.putObject("valid_by_type");
            replay.validByType()
                    .forEach(
                            (type, count) -> {
                                byType.put(type, count);
                                types.add(String.format(Locale.ROOT, "%,d %s", count, type));
                            });
            codes(json.putObject("rejected_by_code"), topic, replay.rejected());
            json.put("total_cost", decimal(replay.costMicros()));
            json.put("total_revenue", decimal(replay.revenueMicros()));
            text.add(
                    String.format(
                            Locale.ROOT,
                            "By contract, before deduplication and lateness: %,d valid (%s), cost"
                                    + " %s, revenue %s.",
                            replay.valid(),
                            types.length() == 0 ? "none" : types.toString(),
                            Micros.format(replay.costMicros()),
                            Micros.format(replay.revenueMicros())));
        }
    }

    private void codes(ObjectNode node, String topic, Map<RejectCode, Long> rejected) {
        StringJoiner codes = new StringJoiner(", ");
        for (RejectCode code : RejectCode.values()) {
            Long count = rejected.get(code);
            if (count != null) {
                node.put(code.name(), count);
                codes.add(String.format(Locale.ROOT, "%s %,d", code, count));
            }
        }
        if (codes.length() > 0) {
            text.add("  rejected on " + topic + ": " + codes);
        }
    }

    private void times(long first, long last) {
        if (first > last) {
            return;
        }
        ObjectNode node = json.putObject("event_time");
        node.put("first", iso(first));
        node.put("last", iso(last));
        text.add("Event time " + iso(first) + " to " + iso(last) + ".");
    }

    private void delivery(long sent, RecordSink sink) {
        long undelivered = sent - sink.delivered() - sink.tooLarge();
        String failure = sink.failure();
        json.put("delivered", sink.delivered());
        json.put("refused_as_too_large", sink.tooLarge());
        json.put("undelivered", undelivered);
        json.put("failure", failure);
        if (sink.tooLarge() > 0) {
            text.add(
                    String.format(
                            Locale.ROOT,
                            "Kafka refused %,d records as larger than its limit; they were not"
                                    + " stored anywhere.",
                            sink.tooLarge()));
        }
        if (undelivered > 0) {
            text.add(
                    String.format(
                            Locale.ROOT,
                            "INCOMPLETE: %,d of the records above are not known to have arrived.",
                            undelivered));
        }
        if (failure != null) {
            text.add(failure);
        }
    }

    /** Adds a remark on the run. */
    TrafficReport notice(@Nullable String remark) {
        if (remark != null) {
            json.withArray("notices").add(remark);
            text.add(remark);
        }
        return this;
    }

    String toJson() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of plain values is always JSON", e);
        }
    }

    String toText() {
        return String.join(System.lineSeparator(), text);
    }

    private static BigDecimal decimal(long micros) {
        return new BigDecimal(Micros.format(micros));
    }

    private static String iso(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).toString();
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
