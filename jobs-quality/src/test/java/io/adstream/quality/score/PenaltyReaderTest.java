package io.adstream.quality.score;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PenaltyReaderTest {

    private static final String PENALTY =
            """
            {"schema_version":1,"type":"PENALTY","ad_id":"ad-1","points":1.5,"alert_id":"0a","expires_at":"2026-11-20T11:00:00.000Z"}""";

    private static final Instant APPENDED = Instant.parse("2026-11-20T10:00:00Z");

    private final List<Penalty> read = new ArrayList<>();

    @Test
    void readsAPenalty() {
        assertThat(read(PENALTY)).isEqualTo(PenaltyReader.Kind.PENALTY);
        assertThat(read)
                .containsExactly(
                        new Penalty(
                                "ad-1",
                                1.5,
                                "0a",
                                Instant.parse("2026-11-20T11:00:00Z").toEpochMilli()));
    }

    @Test
    void aScoreIsNone() {
        assertThat(read(PENALTY.replace("PENALTY", "SCORE"))).isEqualTo(PenaltyReader.Kind.OTHER);
        assertThat(read).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"type\":\"PENALTY\", -> ",
                "\"ad-1\" -> \"\"",
                "\"ad-1\" -> 7",
                "1.5 -> 0",
                "1.5 -> -1",
                "1.5 -> 1e400",
                "1.5 -> 1e308",
                "1.5 -> \"1.5\"",
                "\"0a\" -> null",
                "2026-11-20T11 -> 2026-11-20T25",
                // more than 30 days after it was sent
                "2026-11-20T11 -> 2026-12-20T11",
                "} -> ",
            })
    void whatIsNoRecordOfTheTopicIsBroken(String change) {
        int arrow = change.indexOf(" -> ");
        String changed = PENALTY.replace(change.substring(0, arrow), change.substring(arrow + 4));
        assertThat(changed).isNotEqualTo(PENALTY);
        assertThat(read(changed)).isEqualTo(PenaltyReader.Kind.BROKEN);
        assertThat(read).isEmpty();
    }

    @Test
    void idsHaveOneHundredAndTwentyEightCharactersAtMost() {
        assertThat(read(PENALTY.replace("ad-1", "a".repeat(128))))
                .isEqualTo(PenaltyReader.Kind.PENALTY);
        assertThat(read(PENALTY.replace("ad-1", "a".repeat(129))))
                .isEqualTo(PenaltyReader.Kind.BROKEN);
        assertThat(read(PENALTY.replace("0a", "a".repeat(129))))
                .isEqualTo(PenaltyReader.Kind.BROKEN);
    }

    @Test
    void aTombstoneIsBroken() {
        assertThat(read(null)).isEqualTo(PenaltyReader.Kind.BROKEN);
        assertThat(read("")).isEqualTo(PenaltyReader.Kind.BROKEN);
    }

    private PenaltyReader.Kind read(@Nullable String json) {
        return PenaltyReader.read(
                json == null ? null : json.getBytes(UTF_8), APPENDED.toEpochMilli(), read::add);
    }
}
