package io.adstream.anomaly.rule;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.adstream.common.event.RejectCode;
import io.adstream.common.time.EventTimes;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of topic {@code control}: {@code conf/schemas/control.schema.json}. What is not
 * wholly right is refused: half a rule would be another rule.
 */
public final class RuleReader {

    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_ID = 128;
    private static final Set<String> FIELDS =
            Set.of(
                    "schema_version",
                    "rule_id",
                    "version",
                    "scope",
                    "scope_id",
                    "params",
                    "state",
                    "muted_until");

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
                    .build();

    static {
        MAPPER.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(16).build());
    }

    /** Why a record is no rule. */
    public static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        private final RejectCode code;

        Refused(RejectCode code, String message) {
            super(message);
            this.code = code;
        }

        /** The code of the dead letter. */
        public RejectCode code() {
            return code;
        }
    }

    private RuleReader() {}

    /**
     * The rule that a record's value holds.
     *
     * @throws Refused where it holds none
     */
    public static Rule read(byte @Nullable [] value) throws Refused {
        if (value == null) {
            throw new Refused(
                    RejectCode.MALFORMED, "a tombstone; a rule ends with the state DELETED");
        }
        if (value.length > MAX_BYTES) {
            throw new Refused(RejectCode.TOO_LARGE, value.length + " bytes");
        }
        JsonNode root;
        try {
            root = MAPPER.readTree(value);
        } catch (JsonProcessingException e) {
            throw new Refused(RejectCode.MALFORMED, "no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new Refused(RejectCode.MALFORMED, "no UTF-8: " + e.getMessage());
        }
        if (root == null || !root.isObject()) {
            throw new Refused(RejectCode.MALFORMED, "no JSON object");
        }
        return rule(root);
    }

    private static Rule rule(JsonNode root) throws Refused {
        for (Iterator<String> names = root.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                throw bad(name, "is unknown; known are " + new TreeSet<>(FIELDS));
            }
        }
        String id = text(root, "rule_id");
        RuleId ruleId = RuleId.of(id);
        if (ruleId == null) {
            throw bad("rule_id", "names no rule; known are " + names());
        }
        JsonNode version = required(root, "version");
        if (!version.isIntegralNumber()) {
            throw new Refused(RejectCode.BAD_TYPE, "version is no integer");
        }
        if (!version.canConvertToInt() || version.intValue() < 1) {
            throw bad("version", "is not from 1 to " + Integer.MAX_VALUE);
        }
        Rule.Scope scope = choice(Rule.Scope.class, "scope", text(root, "scope"));
        return new Rule(
                id,
                version.intValue(),
                scope,
                scopeId(root, scope),
                params(root, ruleId),
                choice(Rule.State.class, "state", text(root, "state")),
                mutedUntil(root));
    }

    private static String names() {
        return Arrays.stream(RuleId.values()).map(RuleId::id).toList().toString();
    }

    private static String scopeId(JsonNode root, Rule.Scope scope) throws Refused {
        JsonNode node = root.get("scope_id");
        if (scope == Rule.Scope.GLOBAL) {
            String given = node == null || node.isNull() ? "" : node.asText();
            if (!given.isEmpty() && !given.equals("*")) {
                throw bad("scope_id", "is not for the scope GLOBAL");
            }
            return "";
        }
        String id = text(root, "scope_id");
        if (id.isBlank() || id.length() > MAX_ID) {
            throw bad("scope_id", "has not 1 to " + MAX_ID + " characters");
        }
        return id;
    }

    private static Map<String, Double> params(JsonNode root, RuleId ruleId) throws Refused {
        Map<String, Double> params = new HashMap<>();
        JsonNode node = root.get("params");
        if (node == null || node.isNull()) {
            return params;
        }
        if (!node.isObject()) {
            throw new Refused(RejectCode.BAD_TYPE, "params is no object");
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            Param param = ruleId.param(entry.getKey());
            if (param == null) {
                throw bad(
                        "params." + entry.getKey(),
                        "is unknown; "
                                + ruleId.id()
                                + " has "
                                + ruleId.params().stream().map(Param::name).toList());
            }
            if (!entry.getValue().isNumber()) {
                throw new Refused(RejectCode.BAD_TYPE, "params." + param.name() + " is no number");
            }
            double value = entry.getValue().doubleValue();
            if (!param.allows(value)) {
                throw bad("params." + param.name(), "is not " + param.allowed());
            }
            params.put(param.name(), value);
        }
        return params;
    }

    private static @Nullable Long mutedUntil(JsonNode root) throws Refused {
        JsonNode node = root.get("muted_until");
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isTextual()) {
            throw new Refused(RejectCode.BAD_TYPE, "muted_until is no string");
        }
        try {
            return EventTimes.parse(node.textValue(), ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw bad("muted_until", "is " + e.getMessage());
        }
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String field, String value)
            throws Refused {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(value)) {
                return constant;
            }
        }
        throw bad(field, "is none of " + Arrays.toString(type.getEnumConstants()));
    }

    private static String text(JsonNode root, String field) throws Refused {
        JsonNode node = required(root, field);
        if (!node.isTextual()) {
            throw new Refused(RejectCode.BAD_TYPE, field + " is no string");
        }
        return node.textValue();
    }

    private static JsonNode required(JsonNode root, String field) throws Refused {
        JsonNode node = root.get(field);
        if (node == null || node.isNull()) {
            throw new Refused(RejectCode.MISSING_FIELD, field + " is missing");
        }
        return node;
    }

    private static Refused bad(String field, String problem) {
        return new Refused(RejectCode.BAD_VALUE, field + " " + problem);
    }
}
