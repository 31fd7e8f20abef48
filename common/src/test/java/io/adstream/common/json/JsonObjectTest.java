package io.adstream.common.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonObjectTest {

    @Test
    void membersStandInTheirOrder() {
        assertThat(
                        new JsonObject(10)
                                .number("n", -1)
                                .text("t", "x")
                                .text("none", null)
                                .decimal("d", 1_500_000)
                                .time("at", 0)
                                .texts("list", List.of("a", "b"))
                                .toString())
                .isEqualTo(
                        "{\"n\":-1,\"t\":\"x\",\"none\":null,\"d\":1.5,"
                                + "\"at\":\"1970-01-01T00:00:00.000Z\",\"list\":[\"a\",\"b\"]}");
        assertThat(new JsonObject(0)).hasToString("{}");
        assertThat(JsonObject.textOf(List.of())).isEqualTo("[]");
    }

    @Test
    void whateverStandsInTextsAndNamesIsRead() throws Exception {
        String any = "\"\\\u0000\n{}[]:, \u2028 코드 😀";

        JsonNode read =
                new ObjectMapper()
                        .readTree(
                                new JsonObject(10)
                                        .text(any, any)
                                        .texts("list", List.of(any))
                                        .toString());

        assertThat(read.path(any).asText()).isEqualTo(any);
        assertThat(read.path("list").path(0).asText()).isEqualTo(any);
        assertThat(new ObjectMapper().readTree(JsonObject.textOf(List.of(any))).path(0).asText())
                .isEqualTo(any);
    }
}
