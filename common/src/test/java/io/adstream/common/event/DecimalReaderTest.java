package io.adstream.common.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalReaderTest {

    private static final BigDecimal MOST = new BigDecimal("9e12");

    private final DecimalReader reader = new DecimalReader();

    @Test
    void agreesWithBigDecimal() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            String number = number(random);
            // At another place than the start, with digits around it that are not the number's.
            byte[] text = ("77" + number + "77").getBytes(StandardCharsets.US_ASCII);
            assertThat(reader.micros(text, 2, text.length - 2))
                    .as("micros of %s, seed %d", number, seed)
                    .isEqualTo(micros(new BigDecimal(number)));
            assertThat(reader.integer(text, 2, text.length - 2))
                    .as("integer of %s, seed %d", number, seed)
                    .isEqualTo(integer(new BigDecimal(number)));
        }
    }

    private static long micros(BigDecimal number) {
        if (number.signum() < 0) {
            return DecimalReader.NEGATIVE;
        }
        return number.compareTo(MOST) > 0
                ? DecimalReader.ABOVE
                : number.setScale(6, RoundingMode.HALF_EVEN).unscaledValue().longValueExact();
    }

    private static long integer(BigDecimal number) {
        if (number.signum() != 0 && number.stripTrailingZeros().scale() > 0) {
            return DecimalReader.FRACTION;
        }
        if (number.signum() < 0) {
            return DecimalReader.NEGATIVE;
        }
        return number.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? DecimalReader.ABOVE
                : number.longValueExact();
    }

    private static String number(Random random) {
        StringBuilder out = new StringBuilder();
        if (random.nextInt(10) == 0) {
            out.append('-');
        }
        int whole = random.nextInt(22);
        if (whole == 0) {
            out.append('0');
        } else {
            out.append((char) ('1' + random.nextInt(9)));
            digits(out, whole - 1, random);
        }
        if (random.nextBoolean()) {
            out.append('.');
            digits(out, 1 + random.nextInt(22), random);
        }
        if (random.nextInt(3) == 0) {
            out.append(random.nextBoolean() ? 'e' : 'E');
            int exponent = random.nextInt(51) - 25;
            out.append(exponent >= 0 && random.nextBoolean() ? "+" : "").append(exponent);
        }
        return out.toString();
    }

    private static void digits(StringBuilder out, int count, Random random) {
        String alphabet =
                switch (random.nextInt(4)) {
                    case 0 -> "0";
                    case 1 -> "00005";
                    case 2 -> "99998";
                    default -> "0123456789";
                };
        for (int i = 0; i < count; i++) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
    }
}
