package io.adstream.metrics.slice;

import static io.adstream.metrics.ParsedEvents.parse;
import static io.adstream.testing.events.AdEventJson.click;
import static io.adstream.testing.events.AdEventJson.conversion;
import static io.adstream.testing.events.AdEventJson.impression;
import static io.adstream.testing.events.AdEventJson.pixelConversion;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.events.AdEventJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SliceBufferTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final SliceBuffer buffer = new SliceBuffer();

    @Test
    void anEventCountsForItsAdCampaignAndAdvertiser() {
        add(click("c1").price("0.25"));
        assertThat(flush())
                .containsExactlyInAnyOrder(
                        "0ad-1@12:00 i=0 c=1 v=0 cost=250000 revenue=0 c1/cmp-1/adv-1/null",
                        "1cmp-1@12:00 i=0 c=1 v=0 cost=250000 revenue=0",
                        "2adv-1@12:00 i=0 c=1 v=0 cost=250000 revenue=0");
    }

    @Test
    void onlyClicksCostAndOnlyConversionsEarn() {
        add(impression("i1").price("5").value("6"));
        add(click("c1").price("0.1").value("7"));
        add(click("c2").price("0.2"));
        add(click("c3"));
        add(conversion("v1").price("8").value("30"));
        add(conversion("v2"));
        assertThat(flush()).contains("1cmp-1@12:00 i=1 c=3 v=2 cost=300000 revenue=30000000");
    }

    @Test
    void theFirstMillisecondOfAMinuteBelongsToIt() {
        add(impression("i1"), "2026-11-20T12:00:59.999Z");
        add(impression("i2"), "2026-11-20T12:01:00.000Z");
        assertThat(flush())
                .filteredOn(delta -> delta.startsWith("1cmp-1"))
                .containsExactlyInAnyOrder(
                        "1cmp-1@12:00 i=1 c=0 v=0 cost=0 revenue=0",
                        "1cmp-1@12:01 i=1 c=0 v=0 cost=0 revenue=0");
    }

    @Test
    void anAdThatChangesItsCampaignCountsForBoth() {
        add(impression("i1").campaign("a"));
        add(impression("i2").campaign("b"));
        add(impression("i3").campaign("b"));
        assertThat(flush())
                .containsExactlyInAnyOrder(
                        "0ad-1@12:00 i=1 c=0 v=0 cost=0 revenue=0 i1/a/adv-1/null",
                        "0ad-1@12:00 i=2 c=0 v=0 cost=0 revenue=0 i3/b/adv-1/null",
                        "1a@12:00 i=1 c=0 v=0 cost=0 revenue=0",
                        "1b@12:00 i=2 c=0 v=0 cost=0 revenue=0",
                        "2adv-1@12:00 i=3 c=0 v=0 cost=0 revenue=0");
    }

    /** "Aa" and "BB" have the same hash in Java's way of hashing. */
    @Test
    void idsOfTheSameHashStayApart() {
        for (String ad : List.of("Aa", "BB", "Aa", "AaAa", "BBBB", "AaBB", "BBAa", "BB", "BB")) {
            add(impression("i").ad(ad));
        }
        assertThat(flush())
                .filteredOn(delta -> delta.startsWith("0"))
                .extracting(delta -> delta.substring(0, delta.indexOf(" c=")))
                .containsExactlyInAnyOrder(
                        "0Aa@12:00 i=2",
                        "0BB@12:00 i=3",
                        "0AaAa@12:00 i=1",
                        "0BBBB@12:00 i=1",
                        "0AaBB@12:00 i=1",
                        "0BBAa@12:00 i=1");
    }

    @Test
    void theBordersOfIdsStayApart() {
        add(impression("i").ad("a").campaign("bc"));
        add(impression("i").ad("ab").campaign("c"));
        assertThat(flush()).filteredOn(delta -> delta.startsWith("0")).hasSize(2);
    }

    @Test
    void theLatestEventSaysWhereAnAdBelongs() {
        add(impression("i9").category("old"), "2026-11-20T12:00:01Z");
        add(impression("i1").category("new"), "2026-11-20T12:00:03Z");
        add(impression("i2").category("late"), "2026-11-20T12:00:02Z");
        assertThat(flush()).anyMatch(delta -> delta.endsWith(" i1/cmp-1/adv-1/new"));
    }

    @ParameterizedTest
    @CsvSource({"i1, i2, i2", "i2, i10, i2", "\uFFFD, \uD83D\uDE00, \uD83D\uDE00"})
    void ofTheSameInstantTheHighestIdIsTheLatest(String one, String other, String latest) {
        add(impression(one));
        add(impression(other));
        assertThat(flush()).anyMatch(delta -> delta.contains(" " + latest + "/cmp-1/"));
        add(impression(other));
        add(impression(one));
        assertThat(flush()).anyMatch(delta -> delta.contains(" " + latest + "/cmp-1/"));
    }

    @Test
    void anIdWithEscapesIsReadAsItIs() {
        add(impression("i1").ad("\"a\"\n\\b").category("sh\too"));
        assertThat(flush())
                .contains("0\"a\"\n\\b@12:00 i=1 c=0 v=0 cost=0 revenue=0 i1/cmp-1/adv-1/sh\too");
    }

    @Test
    void windowsNeedAllThreeIds() {
        assertThat(SliceBuffer.isComplete(parse(conversion("v1")))).isTrue();
        assertThat(SliceBuffer.isComplete(parse(pixelConversion("v1")))).isFalse();
        for (String id : List.of("ad_id", "campaign_id", "advertiser_id")) {
            assertThat(SliceBuffer.isComplete(parse(conversion("v1").without(id)))).isFalse();
        }
    }

    @Test
    void knowsWhenAMinuteHasEnded() {
        assertThat(buffer.holdsMinuteEndedBy(Long.MAX_VALUE)).isFalse();
        add(impression("i1"), "2026-11-20T12:05:00Z");
        add(impression("i2"), "2026-11-20T12:00:30Z");
        long end = NOON.plusSeconds(60).toEpochMilli();
        assertThat(buffer.holdsMinuteEndedBy(end - 2)).isFalse();
        assertThat(buffer.holdsMinuteEndedBy(end - 1)).isTrue();
        flush();
        assertThat(buffer.holdsMinuteEndedBy(Long.MAX_VALUE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void agreesWithACountPerEntity(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 4; round++) {
            Map<String, long[]> model = new HashMap<>();
            int events = 1 + random.nextInt(round == 1 ? 10_000 : 500);
            for (int i = 0; i < events; i++) {
                String ad = "ad-" + random.nextInt(3000);
                String campaign = "cmp-" + random.nextInt(50);
                String advertiser = "adv-" + random.nextInt(5);
                Instant time = NOON.plusMillis(random.nextInt(200_000));
                int cents = random.nextInt(100);
                add(
                        click("c" + i)
                                .ad(ad)
                                .campaign(campaign)
                                .advertiser(advertiser)
                                .price(cents / 100.0 + ""),
                        time.toString());
                long minute = time.toEpochMilli() / 60_000;
                for (String key : List.of("0" + ad, "1" + campaign, "2" + advertiser)) {
                    long[] sums = model.computeIfAbsent(key + "@" + minute, k -> new long[2]);
                    sums[0]++;
                    sums[1] += cents * 10_000L;
                }
            }
            assertThat(buffer.events()).isEqualTo(events);

            Map<String, long[]> sums = new HashMap<>();
            buffer.flush(
                    delta -> {
                        long[] sum =
                                sums.computeIfAbsent(
                                        delta.entityKey + "@" + delta.minute / 60_000,
                                        k -> new long[2]);
                        sum[0] += delta.clicks;
                        sum[1] += delta.cost;
                    });
            assertThat(text(sums)).isEqualTo(text(model));
            assertThat(buffer.size()).isZero();
            assertThat(buffer.events()).isZero();
        }
    }

    private static Map<String, String> text(Map<String, long[]> sums) {
        Map<String, String> text = new TreeMap<>();
        sums.forEach((key, sum) -> text.put(key, sum[0] + " for " + sum[1]));
        return text;
    }

    private void add(AdEventJson json) {
        add(json, NOON.toString());
    }

    private void add(AdEventJson json, String time) {
        buffer.add(parse(json.at(time)));
    }

    private List<String> flush() {
        List<SliceDelta> deltas = new ArrayList<>();
        buffer.flush(deltas::add);
        List<String> text = new ArrayList<>();
        for (SliceDelta delta : deltas) {
            text.add(
                    delta.entityKey
                            + "@"
                            + Instant.ofEpochMilli(delta.minute).toString().substring(11, 16)
                            + " i="
                            + delta.impressions
                            + " c="
                            + delta.clicks
                            + " v="
                            + delta.conversions
                            + " cost="
                            + delta.cost
                            + " revenue="
                            + delta.revenue
                            + (delta.latest == null
                                    ? ""
                                    : " "
                                            + delta.latest.eventId()
                                            + "/"
                                            + delta.latest.campaignId()
                                            + "/"
                                            + delta.latest.advertiserId()
                                            + "/"
                                            + delta.latest.category()));
        }
        assertThat(new TreeSet<>(text)).hasSize(text.size());
        return text;
    }
}
