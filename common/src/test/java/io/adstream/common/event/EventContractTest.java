package io.adstream.common.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.common.event.EventContract.Field;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract in code, in JSON Schema and in Avro is one. */
class EventContractTest {

    @Test
    void fieldsAreInTheOrderOfTheSpecification() {
        assertThat(EventContract.AD_EVENTS.fields())
                .extracting(Field::name)
                .containsExactly(
                        "event_id",
                        "event_type",
                        "event_time",
                        "ad_id",
                        "campaign_id",
                        "advertiser_id",
                        "user_id",
                        "device_id",
                        "session_id",
                        "ip",
                        "category",
                        "actual_price",
                        "conversion_value");
        assertThat(EventContract.COMMERCE_EVENTS.fields())
                .extracting(Field::name)
                .containsExactly(
                        "event_time",
                        "event_type",
                        "user_id",
                        "price",
                        "event_id",
                        "product_id",
                        "category",
                        "session_id");
    }

    @Test
    void anAdIsRequiredButForAConversion() {
        Field adId = EventContract.AD_EVENTS.fields().get(3);
        assertThat(adId.requiredFor(AdEvents.IMPRESSION)).isTrue();
        assertThat(adId.requiredFor(AdEvents.CLICK)).isTrue();
        assertThat(adId.requiredFor(AdEvents.CONVERSION)).isFalse();
        assertThat(adId.alwaysRequired()).isFalse();
        assertThat(adId.everRequired()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void jsonSchemaHasTheSameFields(EventContract contract) throws IOException {
        JsonNode schema =
                new ObjectMapper()
                        .readTree(
                                ProjectRoot.resolve(
                                                "conf/schemas/" + contract.topic() + ".schema.json")
                                        .toFile());
        List<String> names = new ArrayList<>();
        schema.get("properties").fieldNames().forEachRemaining(names::add);
        assertThat(names).isEqualTo(contract.fields().stream().map(Field::name).toList());

        List<String> required = new ArrayList<>();
        schema.get("required").forEach(name -> required.add(name.textValue()));
        assertThat(required)
                .containsExactlyInAnyOrderElementsOf(
                        contract.fields().stream()
                                .filter(Field::alwaysRequired)
                                .map(Field::name)
                                .toList());

        List<String> types = new ArrayList<>();
        schema.at("/properties/event_type/enum").forEach(type -> types.add(type.textValue()));
        assertThat(types).isEqualTo(contract.eventTypes());
    }

    @ParameterizedTest
    @EnumSource
    void avroSchemaHasTheSameFields(EventContract contract) throws IOException {
        Schema schema =
                new Schema.Parser()
                        .parse(
                                ProjectRoot.resolve("conf/schemas/" + contract.topic() + ".avsc")
                                        .toFile());
        assertThat(schema.getFields())
                .extracting(Schema.Field::name)
                .isEqualTo(contract.fields().stream().map(Field::name).toList());
        for (Field field : contract.fields()) {
            Schema type = schema.getField(field.name()).schema();
            assertThat(type.isNullable()).as(field.name()).isEqualTo(!field.alwaysRequired());
            assertThat(schema.getField(field.name()).hasDefaultValue())
                    .as("default of %s", field.name())
                    .isEqualTo(!field.alwaysRequired());
            Schema value = type.isUnion() ? type.getTypes().get(1) : type;
            switch (field.kind()) {
                case STRING, EVENT_TYPE ->
                        assertThat(value.getType()).isEqualTo(Schema.Type.STRING);
                case TIME ->
                        assertThat(value.getLogicalType())
                                .isEqualTo(LogicalTypes.timestampMillis());
                case NUMBER ->
                        assertThat(value.getLogicalType()).isEqualTo(LogicalTypes.decimal(19, 6));
            }
        }
    }
}
