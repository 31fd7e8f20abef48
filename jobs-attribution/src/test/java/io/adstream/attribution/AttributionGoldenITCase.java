package io.adstream.attribution;

import static io.adstream.testing.events.AdEventJson.click;
import static io.adstream.testing.events.AdEventJson.conversion;
import static io.adstream.testing.events.AdEventJson.impression;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.attribution.credit.AttributionModel;
import io.adstream.attribution.match.PathLimits;
import io.adstream.attribution.result.Attribution;
import io.adstream.common.event.RejectCode;
import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.flink.FlinkCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The cases by which the job is known to be right, one assertion each. */
class AttributionGoldenITCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().build();

    private static final Instant T = Instant.parse("2026-11-20T10:00:00Z");
    private static final Duration DAY = Duration.ofHours(24);

    @Test
    void theLastOfTwoClicksIsCredited() {
        assertThat(attribute(c("c1", 0), c("c2", 1), v("v", 2))).isEqualTo("v=c2 SESSION");
    }

    @Test
    void everyConversionOfAClickCounts() {
        assertThat(attribute(c("c", 0), v("v1", 1), v("v2", 2)))
                .isEqualTo("v1=c SESSION, v2=c SESSION");
    }

    @Test
    void aConversionADayLaterCounts() {
        assertThat(attribute(c("c", 0), v("v", 0).at(T.plus(DAY)))).isEqualTo("v=c SESSION");
    }

    @Test
    void aConversionADayAndAMillisecondLaterDoesNot() {
        assertThat(attribute(c("c", 0), v("v", 0).at(T.plus(DAY).plusMillis(1))))
                .isEqualTo("v=NO_CLICK");
    }

    @Test
    void aClickAtTheInstantOfTheConversionCounts() {
        assertThat(attribute(c("c", 0), v("v", 0))).isEqualTo("v=c SESSION");
    }

    @Test
    void aClickAtTheInstantOfTheConversionCountsWhereItComesLater() {
        assertThat(attribute(v("v", 0), c("c", 0))).isEqualTo("v=c SESSION");
    }

    @Test
    void anOlderClickOfTheSessionBeatsANewerOneOfTheDevice() {
        assertThat(
                        attribute(
                                c("old", 0).device("d-2"),
                                c("new", 1).session("s-2").device("d-1"),
                                v("v", 2).device("d-1")))
                .isEqualTo("v=old SESSION");
    }

    @Test
    void theDeviceCountsWhereTheSessionHasNoClick() {
        assertThat(attribute(c("c", 0).session("s-2").device("d-1"), v("v", 2).device("d-1")))
                .isEqualTo("v=c DEVICE");
    }

    @Test
    void noSessionOnBothSidesIsNoMatch() {
        assertThat(attribute(c("c", 0).session(null), v("v", 1).session(null)))
                .isEqualTo("v=NO_IDENTITY");
    }

    @Test
    void aSentinelOnBothSidesIsNoMatch() {
        assertThat(
                        attribute(
                                c("c", 0).session(" Unknown").device("00-0"),
                                v("v", 1).session(" Unknown").device("00-0")))
                .isEqualTo("v=NO_IDENTITY");
    }

    @Test
    void idsCompareByteForByte() {
        assertThat(attribute(c("c", 0).session("S-1"), v("v", 1))).isEqualTo("v=NO_CLICK");
    }

    @Test
    void aDuplicateClickIsOneTouch() {
        assertThat(run(c("c", 0), c("c", 0), v("v", 1)).get(0).path()).hasSize(1);
    }

    @Test
    void aConversionThatIsRepeatedHasOneResult() {
        assertThat(run(c("c", 0), v("v", 1), v("v", 1))).hasSize(1);
    }

    @Test
    void theClickOfAnotherAdvertiserIsNotCredited() {
        assertThat(attribute(c("c", 0).advertiser("adv-2"), v("v", 1))).isEqualTo("v=NO_CLICK");
    }

    @Test
    void aPixelsConversionCountsEveryAdvertiser() {
        assertThat(
                        attribute(
                                c("c", 0).advertiser("adv-2"),
                                AdEventJson.pixelConversion("v").session("s-1").at(T)))
                .isEqualTo("v=c SESSION");
    }

    @Test
    void threeTouchesShareAHundredLinearly() {
        Attribution result = run(c("a", 0), c("b", 1), c("c", 2), v("v", 3).value("100.00")).get(0);

        assertThat(
                        result.path().stream()
                                .mapToLong(touch -> touch.value(AttributionModel.LINEAR))
                                .sum())
                .isEqualTo(100_000_000);
    }

    @Test
    void aLateConversionSaysSo() {
        assertThat(attribute(c("c", 0), c("far", 3600), v("v", 1))).isEqualTo("v=LATE");
    }

    @Test
    void aLateClickIsCountedAndChangesNothing() {
        AttributionRuns.Results results =
                results(v("v", 1), c("far", 3600), c("late", 0), impression("i").at(T));

        assertThat(describe(results.results().records())).isEqualTo("v=NO_CLICK");
        assertThat(results.job().metricSum("lateClicks")).isEqualTo(1);
        assertThat(results.job().metricSum("skippedEvents")).isEqualTo(1);
    }

    @Test
    void anImpressionMovesTime() {
        assertThat(attribute(c("c", 0), impression("i").at(T.plusSeconds(3600)), v("v", 1)))
                .isEqualTo("v=LATE");
    }

    @Test
    void aFutureEventMovesNoTime() {
        AttributionRuns.Results results =
                results(
                        c("c", 0),
                        impression("far").at(AttributionRuns.NOW.plus(DAY)),
                        c("far", 0).at(AttributionRuns.NOW.plus(DAY)),
                        v("v", 1));

        assertThat(describe(results.results().records())).isEqualTo("v=c SESSION");
        assertThat(results.rejected().records())
                .extracting(event -> event.rejected)
                .containsOnly(RejectCode.FUTURE_EVENT_TIME)
                .hasSize(2);
    }

    @Test
    void aConflictingConversionHasNoSecondResult() {
        AttributionRuns.Results results = results(c("c", 0), v("v", 1), v("v", 1).value("3"));

        assertThat(describe(results.results().records())).isEqualTo("v=c SESSION");
        assertThat(results.rejected().records())
                .singleElement()
                .satisfies(e -> assertThat(e.rejected).isEqualTo(RejectCode.ID_CONFLICT));
    }

    @Test
    void metricsSayHowConversionsEnd() {
        AttributionRuns.Results results =
                results(
                        c("c", 0).device("d-1"),
                        v("v1", 1),
                        v("v2", 1).session("s-2").device("d-1"),
                        v("v3", 1).session("s-3"),
                        v("v4", 1).session(null));

        assertThat(results.job().metricSum("conversionsBySession")).isEqualTo(1);
        assertThat(results.job().metricSum("conversionsByDevice")).isEqualTo(1);
        assertThat(results.job().metricSum("unattributedConversions")).isEqualTo(2);
        assertThat(results.job().metricSum("openPartialMatches")).isZero();
        assertThat(results.job().metricSum("openClicks")).isZero();
    }

    private static AdEventJson c(String id, long seconds) {
        return click(id).session("s-1").at(T.plusSeconds(seconds));
    }

    private static AdEventJson v(String id, long seconds) {
        return conversion(id).session("s-1").at(T.plusSeconds(seconds));
    }

    private static String attribute(AdEventJson... events) {
        return describe(run(events));
    }

    private static List<Attribution> run(AdEventJson... events) {
        return results(events).results().records();
    }

    private static AttributionRuns.Results results(AdEventJson... events) {
        byte[][] records = Arrays.stream(events).map(AdEventJson::json).toArray(byte[][]::new);
        return AttributionRuns.run(
                FLINK,
                () -> List.of(records),
                1,
                new AttributionConfig(
                        Duration.ofHours(1),
                        DAY,
                        true,
                        Duration.ofHours(7),
                        new PathLimits(10_000, 500)));
    }

    private static String describe(List<Attribution> results) {
        return results.stream()
                .map(
                        result ->
                                result.conversionId()
                                        + "="
                                        + (result.credited() == null
                                                ? result.reason()
                                                : result.credited().touch().clickId()
                                                        + " "
                                                        + result.match()))
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
