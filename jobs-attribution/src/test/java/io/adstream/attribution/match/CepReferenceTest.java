package io.adstream.attribution.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.events.AdEventJson;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.cep.EventComparator;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.apache.flink.cep.operator.CepOperator;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;

/**
 * {@link MatchConversions} beside Flink's own operator of the same pattern, which is told of every
 * click at its time.
 */
class CepReferenceTest {

    private static final long T = 1_795_168_800_000L;
    private static final Duration WINDOW = Duration.ofHours(24);

    /** What Flink's operator is given. */
    public record Step(String key, boolean conversion, String id, long time)
            implements Serializable {}

    @Test
    void findsThePairsThatFlinksOperatorFinds() throws Exception {
        long seed = 21;
        List<Step> steps = steps(new Random(seed), 6000);
        Map<String, TreeSet<String>> expected = new TreeMap<>();
        try (var cep = reference()) {
            for (Step step : steps) {
                cep.processElement(step, step.time);
                cep.processWatermark(new Watermark(watermark(steps, step)));
            }
            cep.processWatermark(Watermark.MAX_WATERMARK);
            for (String pair : cep.extractOutputValues()) {
                int space = pair.indexOf(' ');
                expected.computeIfAbsent(pair.substring(0, space), v -> new TreeSet<>())
                        .add(pair.substring(space + 1));
            }
        }

        Map<String, TreeSet<String>> found = new TreeMap<>();
        PathLimits limits = new PathLimits(10_000, 10_000);
        try (MatchSubtasks subtasks =
                new MatchSubtasks(MatchSubtasks.Backend.HASHMAP, limits, 1, null)) {
            for (Step step : steps) {
                AdEventJson json =
                        step.conversion
                                ? AdEventJson.conversion(step.id)
                                : AdEventJson.click(step.id);
                subtasks.send(json.session(step.key).atMillis(step.time));
                subtasks.watermark(watermark(steps, step));
            }
            subtasks.watermark(Long.MAX_VALUE);
            for (String match : subtasks.matches()) {
                String[] ids = match.split(":? ");
                found.put(ids[0], new TreeSet<>(List.of(ids).subList(1, ids.length)));
            }
        }

        assertThat(expected).hasSizeGreaterThan(1000);
        assertThat(found).as("seed %s", seed).isEqualTo(expected);
    }

    private static long watermark(List<Step> steps, Step step) {
        long newest = Long.MIN_VALUE;
        // The steps are in order of arrival and few enough to look back a little.
        int at = steps.indexOf(step);
        for (int i = Math.max(0, at - 300); i <= at; i++) {
            newest = Math.max(newest, steps.get(i).time);
        }
        return newest - 60_001;
    }

    private static List<Step> steps(Random random, int count) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long time = T + i * 40_000L - (random.nextInt(3) == 0 ? 0 : random.nextInt(60_000));
            steps.add(
                    new Step(
                            "s-" + random.nextInt(60),
                            random.nextInt(3) == 0,
                            "e" + i,
                            random.nextInt(4) == 0 ? T + i * 40_000L / 60_000 * 60_000 : time));
        }
        return steps;
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Step, String> reference()
            throws Exception {
        Pattern<Step, ?> pattern =
                Pattern.<Step>begin("click", AfterMatchSkipStrategy.noSkip())
                        .where(SimpleCondition.of(step -> !step.conversion()))
                        .followedByAny("conversion")
                        .where(SimpleCondition.of(Step::conversion))
                        .within(WINDOW.plusMillis(1));
        var type = TypeInformation.of(Step.class);
        var harness =
                new KeyedOneInputStreamOperatorTestHarness<String, Step, String>(
                        new CepOperator<>(
                                type.createSerializer(new ExecutionConfig().getSerializerConfig()),
                                false,
                                NFACompiler.compileFactory(pattern, false),
                                new ClicksFirst(),
                                AfterMatchSkipStrategy.noSkip(),
                                new Pairs(),
                                null),
                        Step::key,
                        Types.STRING);
        harness.open();
        return harness;
    }

    /** Clicks before conversions, then by id. */
    private static final class ClicksFirst implements EventComparator<Step> {

        private static final long serialVersionUID = 1;

        @Override
        public int compare(Step left, Step right) {
            return Comparator.comparing(Step::conversion)
                    .thenComparing(Step::id)
                    .compare(left, right);
        }
    }

    private static final class Pairs extends PatternProcessFunction<Step, String> {

        private static final long serialVersionUID = 1;

        @Override
        public void processMatch(
                Map<String, List<Step>> match, Context context, Collector<String> out) {
            out.collect(match.get("conversion").get(0).id + " " + match.get("click").get(0).id);
        }
    }
}
