package io.adstream.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrafficCommandTest {

    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new TrafficCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(
                        (e, line, result) -> {
                            err.append(e.getMessage());
                            return 1;
                        })
                .execute(arguments);
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(out.toString());
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void equalSeedAndOptionsWriteEqualBytes() throws IOException {
        for (String run : new String[] {"one", "two"}) {
            Files.createDirectory(folder.resolve(run));
            assertThat(
                            run(
                                    "--seed",
                                    "11",
                                    "--events",
                                    "30000",
                                    "--broken",
                                    "0.02",
                                    "--out",
                                    path(run + "/ads.ndjson.gz"),
                                    "--commerce-out",
                                    path(run + "/shop.ndjson"),
                                    "--labels",
                                    path(run + "/labels.ndjson")))
                    .as(err::toString)
                    .isZero();
        }
        for (String file : new String[] {"ads.ndjson.gz", "shop.ndjson", "labels.ndjson"}) {
            assertThat(folder.resolve("one").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("two").resolve(file))
                    .isNotEmptyFile();
        }
    }

    @Test
    void theReportIsWhatACountOfTheFilesSays() throws IOException {
        int code =
                run(
                        "--seed=5",
                        "--events=120000",
                        "--rate=300",
                        "--broken=0.01",
                        "--late=0.01",
                        "--duplicates=0.03",
                        "--commerce-share=0.2",
                        "--out=" + path("ads.ndjson.gz"),
                        "--commerce-out=" + path("shop.ndjson.gz"),
                        "--json");
        assertThat(code).as(err::toString).isZero();
        JsonNode report = report();
        Recount ads = recount(InputTopic.AD_EVENTS, "ads.ndjson.gz");
        Recount shop = recount(InputTopic.COMMERCE_EVENTS, "shop.ndjson.gz");
        assertThat(counts(report, "ad-events")).isEqualTo(ads.counts);
        assertThat(counts(report, "commerce-events")).isEqualTo(shop.counts);
        assertThat(report.get("sent").asLong()).isEqualTo(120_000);
        assertThat(report.get("delivered").asLong()).isEqualTo(120_000);
        JsonNode valid = report.get("valid_ad_events");
        assertThat(valid.get("impressions").asLong()).isEqualTo(ads.byType.get("IMPRESSION"));
        assertThat(valid.get("clicks").asLong()).isEqualTo(ads.byType.get("CLICK"));
        assertThat(valid.get("conversions").asLong() + valid.get("conversions_without_ad").asLong())
                .isEqualTo(ads.byType.get("CONVERSION"));
        long journeys = 0;
        for (JsonNode count : report.get("journeys")) {
            journeys += count.asLong();
        }
        assertThat(journeys).isEqualTo(ads.byType.get("CONVERSION"));
        assertThat(new BigDecimal(valid.get("total_cost").asText())).isEqualByComparingTo(ads.cost);
        assertThat(new BigDecimal(valid.get("total_revenue").asText()))
                .isEqualByComparingTo(ads.revenue);
        assertThat(report.get("seed").asLong()).isEqualTo(5);
        assertThat(report.at("/event_time/first").asText()).startsWith("20");
    }

    private Recount recount(InputTopic topic, String name) throws IOException {
        Recount recount = new Recount(topic);
        try (LogFile file = new LogFile(folder.resolve(name))) {
            for (byte[] line = file.next(); line != null; line = file.next()) {
                recount.add(line);
            }
            assertThat(file.blankLines()).isZero();
        }
        return recount;
    }

    private static Map<String, Long> counts(JsonNode report, String topic) {
        JsonNode node = report.get("topics").get(topic);
        Map<String, Long> counts = new TreeMap<>();
        for (String verdict : new String[] {"valid", "duplicate", "late"}) {
            counts.put(verdict.toUpperCase(Locale.ROOT), node.get(verdict).asLong());
        }
        node.get("rejected_by_code")
                .properties()
                .forEach(code -> counts.put(code.getKey(), code.getValue().asLong()));
        return counts;
    }

    @Test
    void labelsNameTheLines() throws IOException {
        assertThat(
                        run(
                                "--seed=5",
                                "--events=20000",
                                "--broken=0.05",
                                "--out=" + path("ads.ndjson"),
                                "--labels=" + path("labels.ndjson")))
                .isZero();
        Map<Integer, String> expected = new TreeMap<>();
        ObjectMapper json = new ObjectMapper();
        try (Stream<String> labels = Files.lines(folder.resolve("labels.ndjson"))) {
            for (String label : (Iterable<String>) labels::iterator) {
                JsonNode node = json.readTree(label);
                expected.put(node.get("line").asInt(), node.get("expected").asText());
            }
        }
        Recount recount = new Recount(InputTopic.AD_EVENTS);
        int line = 0;
        try (LogFile file = new LogFile(folder.resolve("ads.ndjson"))) {
            for (byte[] bytes = file.next(); bytes != null; bytes = file.next()) {
                assertThat(recount.add(bytes)).isEqualTo(expected.getOrDefault(++line, "VALID"));
            }
        }
        assertThat(line).isEqualTo(20_000);
    }

    @Test
    void incidentsAreInTheReport() throws IOException {
        assertThat(
                        run(
                                "--seed=5",
                                "--rate=100",
                                "--events=20000",
                                "--daily-curve=0",
                                "--scenario=click-flood,cvr-drop,hot-ad",
                                "--scenario-after=100s",
                                "--out=" + path("ads.ndjson"),
                                "--json"))
                .as(err::toString)
                .isZero();
        JsonNode incidents = report().get("incidents");
        assertThat(incidents).hasSize(4);
        assertThat(incidents.get(0).get("entity_type").asText()).isEqualTo("DEVICE");
        assertThat(incidents.get(0).get("from").asText()).isEqualTo("2026-01-01T00:01:40Z");
        assertThat(incidents.get(0).get("to").asText()).isEqualTo("2026-01-01T00:02:30Z");
        assertThat(incidents.get(2).get("to").asText())
                .as("cut off at the end of the run")
                .isEqualTo("2026-01-01T00:03:20Z");
    }

    @Test
    void theTextReportSaysTheSame() {
        assertThat(run("--seed=5", "--events=1000", "--out=" + path("a"))).isZero();
        assertThat(out.toString())
                .contains("Sent 1,000 records")
                .contains("Seed 5")
                .contains("ad-events")
                .contains("Valid ad events:");
    }

    @Test
    void aWrongOptionIsNamedWithWhatIsAllowed() {
        assertThat(run("--duplicates=2", "--events=1", "--out=" + path("a"))).isEqualTo(2);
        assertThat(err.toString()).contains("2.0").contains("duplicates").contains("0 to 0.5");
    }

    @Test
    void anUnknownScenarioIsAnsweredWithTheKnownOnes() {
        assertThat(run("--scenario=storm", "--events=1", "--out=" + path("a"))).isEqualTo(2);
        assertThat(err.toString()).contains("'storm'").contains("tracking-outage");
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        assertThat(run("--from=" + path("a"), "--rate=5")).isEqualTo(2);
        assertThat(err.toString()).contains("--rate").contains("--from");
        assertThat(run("--from=" + path("a"), "--drift=3")).isEqualTo(2);
        assertThat(err.toString()).contains("--drift").contains("--from");
        assertThat(run("--from=" + path("a"), "--redis=localhost:1")).isEqualTo(2);
        assertThat(err.toString()).contains("--redis").contains("--from");
        assertThat(run("--no-ad-server", "--drift=3")).isEqualTo(2);
        assertThat(err.toString()).contains("--drift needs an ad server");
        assertThat(run("--out=" + path("a"))).isEqualTo(2);
        assertThat(err.toString()).contains("--out needs --events");
        assertThat(run("--shift-to-now")).isEqualTo(2);
        assertThat(err.toString()).contains("--shift-to-now needs --from");
        assertThat(run("--clean", "--late=0.1")).isEqualTo(2);
        assertThat(run("--speed=fast")).isEqualTo(2);
        assertThat(err.toString()).contains("'fast' is not a speed");
        assertThat(run("--start=2999-01-01T00:00:00Z")).isEqualTo(2);
        assertThat(err.toString()).contains("name a time that has passed");
    }

    @Test
    void aMissingFileIsSaidPlainly() {
        assertThat(run("--from=" + path("nothing"))).isEqualTo(1);
        assertThat(err.toString()).contains("nothing cannot be read");
        assertThat(run("--events=1", "--out=" + path("no/such/folder"))).isEqualTo(1);
        assertThat(err.toString()).contains("no such file or directory");
    }

    @Test
    void helpNamesEveryScenario() {
        assertThat(run("--help")).isZero();
        for (Scenario scenario : Scenario.values()) {
            assertThat(out.toString()).contains("  " + scenario.commandName() + " ");
        }
    }
}
