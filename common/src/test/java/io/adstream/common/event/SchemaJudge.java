package io.adstream.common.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Format;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.time.ZoneId;
import java.util.Iterator;

/** The contract's JSON Schema under {@code conf/schemas/} in the hands of a validator. */
final class SchemaJudge {

    private final JsonSchema schema;

    SchemaJudge(EventContract contract, ZoneId zone) throws IOException {
        String text =
                Files.readString(
                        ProjectRoot.resolve("conf/schemas/" + contract.topic() + ".schema.json"));
        JsonMetaSchema dialect =
                JsonMetaSchema.builder(JsonMetaSchema.getV202012())
                        .format(new TimeFormat(zone))
                        .build();
        JsonSchemaFactory factory =
                JsonSchemaFactory.getInstance(
                        SpecVersion.VersionFlag.V202012, builder -> builder.metaSchema(dialect));
        schema =
                factory.getSchema(
                        text,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .failFast(true)
                                .build());
        schema.initializeValidators();
    }

    /**
     * Whether the validator can judge the object: it passes over members whose name begins with
     * {@code #}, against the standard.
     */
    static boolean canJudge(JsonNode record) {
        for (Iterator<String> names = record.fieldNames(); names.hasNext(); ) {
            if (names.next().startsWith("#")) {
                return false;
            }
        }
        for (JsonNode child : record) {
            if (!canJudge(child)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the schema accepts the object. */
    boolean accepts(JsonNode record) {
        return schema.validate(record, OutputFormat.BOOLEAN);
    }

    private record TimeFormat(ZoneId zone) implements Format {

        @Override
        public String getName() {
            return "adstream-time";
        }

        @Override
        public boolean matches(ExecutionContext context, String text) {
            return NaiveJudge.plausible(text, zone);
        }
    }
}
