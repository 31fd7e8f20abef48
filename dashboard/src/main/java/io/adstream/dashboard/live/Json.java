package io.adstream.dashboard.live;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.adstream.common.time.EventTimes;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * How the dashboard writes JSON: snake_case names, times in ISO-8601 UTC with milliseconds, plain
 * decimal numbers without trailing zeros.
 */
public final class Json {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .addModule(
                            new SimpleModule()
                                    .addSerializer(Instant.class, new Times())
                                    .addSerializer(BigDecimal.class, new Decimals()))
                    .build();

    private Json() {}

    /** The value as JSON in UTF-8. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(value.getClass() + " is no JSON", e);
        }
    }

    private static final class Times extends StdSerializer<Instant> {
        private static final long serialVersionUID = 1L;

        Times() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant time, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            out.writeString(EventTimes.format(time.toEpochMilli()));
        }
    }

    private static final class Decimals extends StdSerializer<BigDecimal> {
        private static final long serialVersionUID = 1L;

        Decimals() {
            super(BigDecimal.class);
        }

        @Override
        public void serialize(BigDecimal number, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
            out.writeNumber(plain.toPlainString());
        }
    }
}
