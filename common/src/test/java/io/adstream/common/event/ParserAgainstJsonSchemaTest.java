package io.adstream.common.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * On generated records the hot parser and the JSON Schema give the same verdict, the parser's code
 * is the one that a plain reading of the contract gives, and the parsed fields are the ones Jackson
 * reads.
 *
 * <p>{@code -Dadstream.fuzz.records=N} runs more than the default, {@code -Dadstream.fuzz.seed=S}
 * repeats a run.
 */
class ParserAgainstJsonSchemaTest {

    private static final long RECORDS = Long.getLong("adstream.fuzz.records", 1_000_000L);
    private static final long SEED = Long.getLong("adstream.fuzz.seed", System.nanoTime());
    private static final int BATCH = 5_000;

    private static final List<ZoneId> ZONES =
            List.of(ZoneId.of("UTC"), ZoneId.of("Europe/Berlin"), ZoneId.of("America/St_Johns"));

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    /** Three of four records are ad events. */
    private enum Share {
        AD(EventContract.AD_EVENTS, 3),
        COMMERCE(EventContract.COMMERCE_EVENTS, 1);

        final EventContract contract;
        final int quarters;

        Share(EventContract contract, int quarters) {
            this.contract = contract;
            this.quarters = quarters;
        }
    }

    @ParameterizedTest
    @EnumSource
    void sameVerdictAndSameFields(Share share) throws Exception {
        int batches = (int) ((RECORDS * share.quarters / 4 + BATCH - 1) / BATCH);
        System.out.println(share + ": " + (long) batches * BATCH + " records, seed " + SEED);
        SchemaJudge[] schemas = new SchemaJudge[ZONES.size()];
        for (int i = 0; i < schemas.length; i++) {
            schemas[i] = new SchemaJudge(share.contract, ZONES.get(i));
        }
        Map<RejectCode, LongAdder> rejected = new EnumMap<>(RejectCode.class);
        for (RejectCode code : RejectCode.values()) {
            rejected.put(code, new LongAdder());
        }
        LongAdder accepted = new LongAdder();
        AtomicInteger done = new AtomicInteger();

        IntStream.range(0, batches)
                .parallel()
                .forEach(
                        batch -> {
                            int zone = batch % schemas.length;
                            runBatch(
                                    share.contract,
                                    batch,
                                    schemas[zone],
                                    ZONES.get(zone),
                                    rejected,
                                    accepted);
                            done.incrementAndGet();
                        });

        assertThat(done).hasValue(batches);
        long total = (long) batches * BATCH;
        System.out.println(share + ": " + accepted + " accepted, rejected " + rejected);
        // The generator meets what it is there to meet.
        assertThat(accepted.sum()).isBetween(total / 4, total * 3 / 4);
        for (RejectCode code :
                List.of(
                        RejectCode.MISSING_FIELD,
                        RejectCode.BAD_TYPE,
                        RejectCode.UNKNOWN_EVENT_TYPE,
                        RejectCode.BAD_VALUE)) {
            assertThat(rejected.get(code).sum()).as(code.name()).isGreaterThan(total / 200);
        }
    }

    private static void runBatch(
            EventContract contract,
            int batch,
            SchemaJudge schema,
            ZoneId zone,
            Map<RejectCode, LongAdder> rejected,
            LongAdder accepted) {
        RecordGenerator generator = new RecordGenerator(contract, SEED + batch);
        EventParser parser = new EventParser(contract, zone);
        NaiveJudge naive = new NaiveJudge(contract, zone);
        InputEvent event = contract.newEvent();
        for (int i = 0; i < BATCH; i++) {
            byte[] text = generator.next();
            try {
                JsonNode record = MAPPER.readTree(decoded(text));
                RejectCode code = parser.parse(text, Long.MAX_VALUE, event);
                if (schema.accepts(record) != (code == null)) {
                    throw new AssertionError(
                            "the parser says "
                                    + code
                                    + " ("
                                    + event.rejectMessage
                                    + "), the schema not");
                }
                RejectCode expected = naive.judge(record);
                if (expected != code) {
                    throw new AssertionError(
                            "expected "
                                    + expected
                                    + ", was "
                                    + code
                                    + " ("
                                    + event.rejectMessage
                                    + ")");
                }
                if (code == null) {
                    accepted.increment();
                    naive.assertSameFields(event, record);
                } else {
                    rejected.get(code).increment();
                }
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "seed "
                                + SEED
                                + ", batch "
                                + batch
                                + ", record "
                                + i
                                + " in "
                                + zone
                                + ": "
                                + decoded(text),
                        e);
            }
        }
    }

    /** Jackson's reader of bytes takes no lone surrogate in a name, its reader of strings does. */
    private static String decoded(byte[] text) {
        return new String(text, StandardCharsets.UTF_8);
    }
}
