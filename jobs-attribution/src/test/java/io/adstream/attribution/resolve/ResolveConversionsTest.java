package io.adstream.attribution.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.attribution.ParsedEvents;
import io.adstream.attribution.Tier;
import io.adstream.attribution.match.Match;
import io.adstream.attribution.result.Attribution;
import io.adstream.attribution.result.CreditedTouch;
import io.adstream.attribution.touch.Conversion;
import io.adstream.attribution.touch.TouchBytes;
import io.adstream.testing.events.AdEventJson;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResolveConversionsTest {

    private static final long T = 1_795_168_800_000L;
    private static final Duration HORIZON = Duration.ofHours(1);

    private KeyedTwoInputStreamOperatorTestHarness<String, Conversion, Match, Attribution> resolver;

    @BeforeEach
    void open() throws Exception {
        resolver =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new KeyedCoProcessOperator<>(
                                new ResolveConversions(Duration.ofHours(7), HORIZON)),
                        Conversion::conversionId,
                        Match::conversionId,
                        Types.STRING);
        resolver.setup(
                TypeInformation.of(Attribution.class)
                        .createSerializer(resolver.getExecutionConfig().getSerializerConfig()));
        resolver.open();
    }

    @AfterEach
    void close() throws Exception {
        resolver.close();
    }

    @Test
    void aSessionsClicksBeatNewerOnesOfTheDevice() throws Exception {
        send(conversion("v", T));
        send(match("v", Tier.DEVICE, "newer"));
        send(match("v", Tier.SESSION, "older"));
        both(T - 1);
        assertThat(results()).isEmpty();
        both(T);

        assertThat(results())
                .singleElement()
                .satisfies(
                        result -> {
                            assertThat(result.match()).isEqualTo(Tier.SESSION);
                            assertThat(clicks(result)).containsExactly("older");
                            assertThat(result.revision()).isEqualTo(1);
                        });
    }

    @Test
    void theDeviceCountsWhereTheSessionHasNothing() throws Exception {
        send(match("v", Tier.DEVICE, "c1", "c2")); // faster than the conversion
        send(conversion("v", T));
        both(T);

        assertThat(results())
                .singleElement()
                .satisfies(
                        result -> {
                            assertThat(result.match()).isEqualTo(Tier.DEVICE);
                            assertThat(clicks(result)).containsExactly("c1", "c2");
                            assertThat(result.credited().touch().clickId()).isEqualTo("c2");
                        });
    }

    @Test
    void waitsForTheSlowerInput() throws Exception {
        send(conversion("v", T));
        resolver.processWatermark1(new Watermark(T + 10));
        assertThat(results()).isEmpty();
        send(match("v", Tier.SESSION, "c"));
        resolver.processWatermark2(new Watermark(T));

        assertThat(results())
                .singleElement()
                .satisfies(result -> assertThat(clicks(result)).containsExactly("c"));
    }

    @Test
    void saysWhyNothingIsCredited() throws Exception {
        send(conversion("known", T));
        send(new Conversion("unknown", T, 5, false, false, T));
        both(T);

        assertThat(results())
                .extracting(r -> r.conversionId() + " " + r.status() + " " + r.reason())
                .containsExactlyInAnyOrder(
                        "known UNATTRIBUTED NO_CLICK", "unknown UNATTRIBUTED NO_IDENTITY");
    }

    @Test
    void aLateConversionGetsItsResultAtOnceAndOnce() throws Exception {
        both(T);
        Conversion late = new Conversion("v", T - 5, 7, true, true, T);
        send(late);
        assertThat(results())
                .singleElement()
                .satisfies(
                        result -> {
                            assertThat(result.reason()).isEqualTo(Attribution.Reason.LATE);
                            assertThat(result.value()).isEqualTo(7);
                            assertThat(result.path()).isEmpty();
                        });
        send(late);
        both(T + HORIZON.toMillis() - 1);
        send(late);
        assertThat(results()).isEmpty();
    }

    @Test
    void sharesSumToTheValue() throws Exception {
        send(new Conversion("v", T, 100_000_000, true, false, T));
        send(match("v", Tier.SESSION, "c1", "c2", "c3"));
        both(T);

        Attribution result = results().get(0);
        for (int model = 0; model < 5; model++) {
            long sum = 0;
            int credits = 0;
            for (CreditedTouch touch : result.path()) {
                sum += touch.values()[model];
                credits += touch.credits()[model];
            }
            assertThat(sum).isEqualTo(100_000_000);
            assertThat(credits).isEqualTo(1_000_000);
        }
        assertThat(result.path().get(0).values()[2]).isEqualTo(33_333_300);
        assertThat(result.path().get(2).values()[2]).isEqualTo(33_333_400);
    }

    @Test
    void aPathThatARecordHasNoRoomForLosesItsMiddle() throws Exception {
        String[] ids = new String[600];
        for (int i = 0; i < ids.length; i++) {
            // Six bytes a character in JSON, in the click's and in the ad's id.
            ids[i] = "\u0001".repeat(120) + i;
        }
        send(conversion("v", T));
        send(match("v", Tier.SESSION, ids));
        both(T);

        Attribution result = results().get(0);
        assertThat(result.pathTruncated()).isTrue();
        List<String> clicks = clicks(result);
        assertThat(clicks).hasSizeBetween(400, 599).startsWith(ids[0]).endsWith(ids[599]);
        assertThat(clicks.get(1)).isEqualTo(ids[600 - clicks.size() + 1]);
    }

    @Test
    void nothingIsLeftInTheEnd() throws Exception {
        for (int i = 0; i < 50; i++) {
            send(conversion("v" + i, T + i));
            send(match("v" + i, Tier.DEVICE, "c"));
            send(new Conversion("late" + i, T - i, 0, true, true, T));
        }
        assertThat(resolver.numKeyedStateEntries()).isPositive();
        both(T + HORIZON.toMillis() + 100);

        assertThat(results()).hasSize(100);
        assertThat(resolver.numKeyedStateEntries()).isZero();
        assertThat(resolver.numEventTimeTimers()).isZero();
    }

    private void both(long watermark) throws Exception {
        resolver.processWatermark1(new Watermark(watermark));
        resolver.processWatermark2(new Watermark(watermark));
    }

    private void send(Conversion conversion) throws Exception {
        resolver.processElement1(new StreamRecord<>(conversion, conversion.time()));
    }

    private void send(Match match) throws Exception {
        resolver.processElement2(new StreamRecord<>(match, T));
    }

    private List<Attribution> results() {
        List<Attribution> results = List.copyOf(resolver.extractOutputValues());
        resolver.getOutput().clear();
        return results;
    }

    private static List<String> clicks(Attribution result) {
        return result.path().stream().map(touch -> touch.touch().clickId()).toList();
    }

    private static Conversion conversion(String id, long time) {
        return new Conversion(id, time, 1_000_000, true, false, time);
    }

    private static Match match(String id, Tier tier, String... clicks) {
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        for (String click : clicks) {
            path.writeBytes(
                    TouchBytes.of(
                            ParsedEvents.parse(
                                    AdEventJson.click(click).ad(click).atMillis(T - 1000))));
        }
        return new Match(id, tier, path.toByteArray(), false);
    }
}
