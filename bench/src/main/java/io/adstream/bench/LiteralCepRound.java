package io.adstream.bench;

import io.adstream.common.config.JobSettings;
import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.cep.CEP;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.util.Collector;

/**
 * The pattern as the first design wrote it down, keyed by session, on Flink's own CEP operator:
 * {@code click followedBy conversion within 24 h}. It has the product's source and parser, no
 * deduplication, no devices, no models. What it credits is counted as it comes: not the last click,
 * and one conversion as often as it matches.
 */
final class LiteralCepRound implements CandidateMain.Round {

    private static final String RESULTS = "results";

    private final CandidateSettings candidate;

    LiteralCepRound(CandidateSettings candidate) {
        this.candidate = candidate;
    }

    /** An event with the fields that the pattern names. */
    public record Event(
            String eventType, String sessionId, String deviceId, String eventId, long eventTime) {}

    /** A click and the conversion that it is credited with. */
    public record Pair(String conversionId, String clickId) {}

    @Override
    public RunResult run(RunRequest request) throws Exception {
        JobSettings settings = AttributionSettings.of(candidate, request);
        // CEP names its operator, and gives it no id to be found by.
        FlinkRound round = new FlinkRound(candidate.withGeneratedIds());
        DataStream<Event> events =
                AttributionSettings.events(round.environment(), settings)
                        .flatMap(LiteralCepRound::event, TypeInformation.of(Event.class))
                        .name("clicks-and-conversions")
                        .keyBy(Event::sessionId, Types.STRING);
        CEP.pattern(events, pattern())
                .process(new Pairs(), TypeInformation.of(Pair.class))
                .sinkTo(
                        new CreditSink<>(
                                (pair, counter) ->
                                        counter.add(true, pair.conversionId, pair.clickId, 1)))
                .name(RESULTS);
        RunResult result = round.run(request, name -> name.startsWith(RESULTS));
        return result.with(CreditCounter.of(round));
    }

    private static void event(InputEvent event, Collector<Event> out) {
        if (event.rejected != null || event.skipped || !event.has(AdEvents.SESSION_ID)) {
            return;
        }
        out.collect(
                new Event(
                        event.eventType == AdEvents.CLICK ? "CLICK" : "CONVERSION",
                        event.string(AdEvents.SESSION_ID),
                        event.string(AdEvents.DEVICE_ID),
                        event.string(AdEvents.EVENT_ID),
                        event.eventTime));
    }

    private static Pattern<Event, ?> pattern() {
        return Pattern.<Event>begin("click")
                .where(SimpleCondition.of(event -> event.eventType().equals("CLICK")))
                .followedBy("conversion")
                .where(SimpleCondition.of(event -> event.eventType().equals("CONVERSION")))
                .where(new SamePerson())
                .within(Duration.ofHours(24));
    }

    private static final class SamePerson extends IterativeCondition<Event> {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean filter(Event event, IterativeCondition.Context<Event> context)
                throws Exception {
            Event click = context.getEventsForPattern("click").iterator().next();
            return event.sessionId().equals(click.sessionId())
                    || event.deviceId().equals(click.deviceId());
        }
    }

    private static final class Pairs extends PatternProcessFunction<Event, Pair> {

        private static final long serialVersionUID = 1L;

        @Override
        public void processMatch(
                Map<String, List<Event>> match,
                PatternProcessFunction.Context context,
                Collector<Pair> out) {
            out.collect(
                    new Pair(
                            match.get("conversion").get(0).eventId(),
                            match.get("click").get(0).eventId()));
        }
    }
}
