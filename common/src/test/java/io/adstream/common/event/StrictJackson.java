package io.adstream.common.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.adstream.common.event.EventContract.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Jackson and the JDK say of bytes. Jackson's own reader of bytes lets overlong UTF-8 and
 * encoded surrogates pass and skips a byte order mark, so the JDK's decoder comes first.
 */
final class StrictJackson {

    private static final StreamReadConstraints LIMITS =
            StreamReadConstraints.builder()
                    .maxNestingDepth(ObjectScanner.MAX_DEPTH)
                    .maxNumberLength(EventParser.MAX_BYTES)
                    .maxNameLength(EventParser.MAX_BYTES)
                    .build();

    private static final JsonFactory FACTORY =
            JsonFactory.builder().streamReadConstraints(LIMITS).build();

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(FACTORY)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    private StrictJackson() {}

    /** Whether the bytes are one object within the depth limit with no contract field twice. */
    static boolean wellFormed(byte[] value, EventContract contract) {
        Set<String> fields = new HashSet<>();
        for (Field field : contract.fields()) {
            fields.add(field.name());
        }
        try (JsonParser parser = FACTORY.createParser(decode(value))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            Set<String> seen = new HashSet<>();
            int depth = 1;
            while (depth > 0) {
                JsonToken token = parser.nextToken();
                if (token == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    if (depth == 1 && fields.contains(name) && !seen.add(name)) {
                        return false;
                    }
                } else if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else {
                    // Jackson is lazy: only this reads the token to its end.
                    parser.getText();
                }
            }
            return parser.nextToken() == null;
        } catch (JsonProcessingException | CharacterCodingException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tree of a well-formed record; null where a name comes twice. */
    static @Nullable JsonNode tree(byte[] value) {
        try {
            return MAPPER.readTree(decode(value));
        } catch (IOException e) {
            return null;
        }
    }

    private static String decode(byte[] value) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    }
}
