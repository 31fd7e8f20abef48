package io.adstream.common.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentinelIdsTest {

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "\t\n",
                "null",
                "NULL",
                " Null ",
                "unknown",
                "UNKNOWN\n",
                "0",
                "000",
                "-",
                "--",
                "00000000-0000-0000-0000-000000000000",
                " 0-0 ",
                "\u2003"
            })
    void standForNoId(String id) {
        assertThat(SentinelIds.identifies(id)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s-1",
                "1",
                "00000000-0000-0000-0000-000000000001",
                "nullable",
                "unknown-1",
                " s",
                "none",
                "0x0",
                "\u2013"
            })
    void tellPeopleApart(String id) {
        assertThat(SentinelIds.identifies(id)).isTrue();
    }
}
