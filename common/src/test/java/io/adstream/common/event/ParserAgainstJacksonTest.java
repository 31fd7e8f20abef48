package io.adstream.common.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Records with a few bytes changed: {@link RejectCode#MALFORMED} exactly where Jackson and the
 * JDK's decoder refuse them; where they do not, the verdict of the JSON Schema and of {@link
 * NaiveJudge}.
 *
 * <p>Two things are left to {@code EventParserTest}: names that come twice outside of the contract
 * (a tree cannot hold them), and numbers beyond {@link java.math.BigDecimal}.
 */
class ParserAgainstJacksonTest {

    private static final int RECORDS = Integer.getInteger("adstream.fuzz.mutants", 150_000);
    private static final long SEED = Long.getLong("adstream.fuzz.seed", System.nanoTime());
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    private static final byte[] BYTES =
            "\"\\{}[]:,0123456789eE+-.truefalsenullu /bfnrtdDcC'\t\n\r#*NaN"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final byte[][] SEQUENCES = {
        {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
        {(byte) 0xC0, (byte) 0x80},
        {(byte) 0xC1, (byte) 0xBF},
        {(byte) 0xC2, (byte) 0x80},
        {(byte) 0xE0, (byte) 0x9F, (byte) 0xBF},
        {(byte) 0xE0, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xED, (byte) 0x9F, (byte) 0xBF},
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xEF, (byte) 0xBF, (byte) 0xBF},
        {(byte) 0xF0, (byte) 0x8F, (byte) 0xBF, (byte) 0xBF},
        {(byte) 0xF0, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xF4, (byte) 0x8F, (byte) 0xBF, (byte) 0xBF},
        {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
        {(byte) 0xFF, (byte) 0xFE},
        {(byte) 0xE2, (byte) 0x82},
        "\\u0000".getBytes(StandardCharsets.US_ASCII),
        "\\ud800".getBytes(StandardCharsets.US_ASCII),
        "[[[[[[[[[[[[[[]]]]]]]]]]]]]]".getBytes(StandardCharsets.US_ASCII),
        "/**/".getBytes(StandardCharsets.US_ASCII),
        "Infinity".getBytes(StandardCharsets.US_ASCII),
    };

    @ParameterizedTest
    @EnumSource
    void malformedWhereJacksonSaysSo(EventContract contract) throws IOException {
        System.out.println(contract + ": " + RECORDS + " mutants, seed " + SEED);
        RecordGenerator generator = new RecordGenerator(contract, SEED);
        Random random = new Random(~SEED);
        EventParser parser = new EventParser(contract, ZONE);
        NaiveJudge naive = new NaiveJudge(contract, ZONE);
        SchemaJudge schema = new SchemaJudge(contract, ZONE);
        InputEvent event = contract.newEvent();
        int malformed = 0;
        int skipped = 0;
        for (int i = 0; i < RECORDS; i++) {
            byte[] value = mutate(generator.next(), random);
            if (value.length > EventParser.MAX_BYTES) {
                continue;
            }
            try {
                RejectCode code = parser.parse(value, Long.MAX_VALUE, event);
                if (!StrictJackson.wellFormed(value, contract)) {
                    malformed++;
                    assertVerdict(RejectCode.MALFORMED, event);
                    continue;
                }
                assertThat(code).as(event.rejectMessage).isNotEqualTo(RejectCode.MALFORMED);
                JsonNode record = event.farNumber ? null : StrictJackson.tree(value);
                if (record == null) {
                    skipped++;
                    continue;
                }
                assertVerdict(naive.judge(record), event);
                if (SchemaJudge.canJudge(record)) {
                    assertThat(schema.accepts(record)).isEqualTo(code == null);
                } else {
                    skipped++;
                }
                if (code == null) {
                    naive.assertSameFields(event, record);
                }
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "seed "
                                + SEED
                                + ", record "
                                + i
                                + ": "
                                + new String(value, StandardCharsets.UTF_8)
                                + "\n"
                                + HexFormat.of().formatHex(value),
                        e);
            }
        }
        System.out.println(contract + ": " + malformed + " malformed, " + skipped + " skipped");
        assertThat(malformed).isBetween(RECORDS / 3, RECORDS - RECORDS / 10);
        assertThat(skipped).isLessThan(RECORDS / 100);
    }

    private static void assertVerdict(@Nullable RejectCode expected, InputEvent event) {
        if (event.rejected != expected) {
            throw new AssertionError(
                    "expected "
                            + expected
                            + ", was "
                            + event.rejected
                            + " ("
                            + event.rejectMessage
                            + ")");
        }
    }

    private static byte[] mutate(byte[] record, Random random) {
        byte[] value = record;
        int mutations = 1 + random.nextInt(3);
        for (int i = 0; i < mutations && value.length > 0; i++) {
            int at = random.nextInt(value.length);
            value =
                    switch (random.nextInt(8)) {
                        case 0 -> splice(value, at, 1, new byte[0]);
                        case 1, 2 -> splice(value, at, 1, oneByte(random));
                        case 3, 4 -> splice(value, at, 0, oneByte(random));
                        case 5 -> splice(value, at, 0, SEQUENCES[random.nextInt(SEQUENCES.length)]);
                        case 6 -> {
                            // A stretch of the record comes again somewhere else.
                            int to = Math.min(value.length, at + random.nextInt(24));
                            byte[] stretch = Arrays.copyOfRange(value, at, to);
                            yield splice(value, random.nextInt(value.length), 0, stretch);
                        }
                        default ->
                                random.nextInt(8) == 0
                                        ? Arrays.copyOf(value, at)
                                        : splice(value, at, random.nextInt(4), new byte[0]);
                    };
        }
        return value;
    }

    private static byte[] oneByte(Random random) {
        return new byte[] {
            random.nextInt(6) == 0
                    ? (byte) random.nextInt(256)
                    : BYTES[random.nextInt(BYTES.length)]
        };
    }

    private static byte[] splice(byte[] value, int at, int removed, byte[] inserted) {
        int behind = Math.min(at + removed, value.length);
        byte[] result = new byte[at + inserted.length + value.length - behind];
        System.arraycopy(value, 0, result, 0, at);
        System.arraycopy(inserted, 0, result, at, inserted.length);
        System.arraycopy(value, behind, result, at + inserted.length, value.length - behind);
        return result;
    }
}
