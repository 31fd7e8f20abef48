package io.adstream.attribution.result;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.adstream.attribution.Tier;
import io.adstream.attribution.touch.Touch;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ATTRIBUTION records against the schema that other systems are given. */
class AttributionSchemaTest {

    private static final long T = 1_795_168_800_123L;

    private final JsonSchema schema = schema();

    @Test
    void anAttributedConversionIsValid() {
        String record = AttributionRecord.value(attributed());

        assertThat(schema.validate(record, InputFormat.JSON)).as(record).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anUnattributedConversionIsValid(Attribution.Reason reason) {
        String record = AttributionRecord.value(unattributed(reason));

        assertThat(schema.validate(record, InputFormat.JSON)).as(record).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"revision\":1 -> \"revision\":0",
                "\"status\":\"ATTRIBUTED\" -> \"status\":\"UNATTRIBUTED\"",
                "\"reason\":null -> \"reason\":\"NO_CLICK\"",
                "\"match\":\"DEVICE\" -> \"match\":null",
                "\"lag_ms\":77, -> ",
                "\"first_click\":1000000 -> \"first_click\":0.5",
                "\"linear\":500000, -> ",
                "\"path_truncated\":true -> \"path_truncated\":null",
                "\"type\":\"ATTRIBUTION\" -> \"type\":\"METRICS\"",
                "\"schema_version\":1 -> \"schema_version\":1,\"unknown\":1",
                ".200Z\",\"lag_ms\" -> Z\",\"lag_ms\"",
            })
    void theSchemaNoticesWhatIsWrong(String change) {
        String record = AttributionRecord.value(attributed());
        int arrow = change.indexOf(" -> ");
        String changed = record.replace(change.substring(0, arrow), change.substring(arrow + 4));

        assertThat(changed).isNotEqualTo(record);
        assertThat(schema.validate(changed, InputFormat.JSON)).as(changed).isNotEmpty();
    }

    @Test
    void theRecordSaysAllOfIt() {
        assertThat(AttributionRecord.key(attributed())).isEqualTo("attribution:v \"1\"\n");
        assertThat(AttributionRecord.value(attributed()))
                .isEqualTo(
                        """
                        {"schema_version":1,"type":"ATTRIBUTION","conversion_id":"v \\"1\\"\\n",\
                        "revision":1,"status":"ATTRIBUTED","reason":null,"match":"DEVICE",\
                        "click_id":"c-2","ad_id":"ad-2","campaign_id":"cmp-2",\
                        "advertiser_id":"adv-2","click_time":"2026-11-20T10:00:00.123Z",\
                        "conversion_time":"2026-11-20T10:00:00.200Z","lag_ms":77,"value":0.3,\
                        "path":[{"click_id":"c-1","ad_id":"ad-1","campaign_id":"cmp-1",\
                        "advertiser_id":"adv-1","click_time":"2026-11-20T10:00:00.122Z",\
                        "credits":{"last_click":0,"first_click":1000000,"linear":500000,\
                        "time_decay":1,"position_based":500000},"values":{"last_click":0,\
                        "first_click":0.3,"linear":0.15,"time_decay":0,"position_based":0.15}},\
                        {"click_id":"c-2","ad_id":"ad-2","campaign_id":"cmp-2",\
                        "advertiser_id":"adv-2","click_time":"2026-11-20T10:00:00.123Z",\
                        "credits":{"last_click":1000000,"first_click":0,"linear":500000,\
                        "time_decay":999999,"position_based":500000},"values":{"last_click":0.3,\
                        "first_click":0,"linear":0.15,"time_decay":0.3,"position_based":0.15}}],\
                        "path_truncated":true}""");
        assertThat(AttributionRecord.value(unattributed(Attribution.Reason.LATE)))
                .isEqualTo(
                        """
                        {"schema_version":1,"type":"ATTRIBUTION","conversion_id":"v","revision":1,\
                        "status":"UNATTRIBUTED","reason":"LATE","match":null,"click_id":null,\
                        "ad_id":null,"campaign_id":null,"advertiser_id":null,"click_time":null,\
                        "conversion_time":"2026-11-20T10:00:00.123Z","lag_ms":null,"value":0,\
                        "path":[],"path_truncated":false}""");
    }

    @Test
    void aTouchTakesNoMoreThanItSays() {
        for (String letter : List.of("a", "\u0001", "\"", "é", "€", "\uD83D\uDE00")) {
            String id = letter.repeat(128);
            Touch touch = new Touch(id, id, id, id, T);
            long[] values = new long[5];
            int[] credits = new int[5];
            for (int model = 0; model < 5; model++) {
                values[model] = 8_999_999_999_999_999_999L;
                credits[model] = 1_000_000;
            }
            Attribution one = with(List.of(new CreditedTouch(touch, credits, values)));
            Attribution two =
                    with(
                            List.of(
                                    new CreditedTouch(touch, credits, values),
                                    new CreditedTouch(touch, credits, values)));

            assertThat(bytes(two) - bytes(one)).isLessThanOrEqualTo(AttributionRecord.bytes(touch));
        }
    }

    private static int bytes(Attribution result) {
        return AttributionRecord.value(result).getBytes(UTF_8).length;
    }

    private static Attribution attributed() {
        return new Attribution(
                "v \"1\"\n",
                1,
                Attribution.Status.ATTRIBUTED,
                null,
                Tier.DEVICE,
                List.of(
                        new CreditedTouch(
                                new Touch("c-1", "ad-1", "cmp-1", "adv-1", T - 1),
                                new int[] {0, 1_000_000, 500_000, 1, 500_000},
                                new long[] {0, 300_000, 150_000, 0, 150_000}),
                        new CreditedTouch(
                                new Touch("c-2", "ad-2", "cmp-2", "adv-2", T),
                                new int[] {1_000_000, 0, 500_000, 999_999, 500_000},
                                new long[] {300_000, 0, 150_000, 300_000, 150_000})),
                true,
                T + 77,
                300_000);
    }

    private static Attribution with(List<CreditedTouch> path) {
        return new Attribution(
                "v", 1, Attribution.Status.ATTRIBUTED, null, Tier.SESSION, path, false, T, 1);
    }

    private static Attribution unattributed(Attribution.Reason reason) {
        return new Attribution(
                "v", 1, Attribution.Status.UNATTRIBUTED, reason, null, List.of(), false, T, 0);
    }

    private static JsonSchema schema() {
        try {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(
                            Files.readString(
                                    ProjectRoot.resolve(
                                            "conf/schemas/out/attribution.schema.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
