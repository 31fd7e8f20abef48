package io.adstream.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The JVM of one candidate. It reads its settings and then one request per line, and answers each
 * with a line that begins with {@link #MARK}. Between rounds it is silent, so that candidates can
 * take turns, each in a process that is warm and whose CPU time is its own.
 */
public final class CandidateMain {

    static final String MARK = "@@ ";

    private CandidateMain() {}

    public static void main(String[] args) throws Exception {
        ObjectMapper json = new ObjectMapper();
        PrintStream out = System.out;
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            Round round = round(json.readValue(line(in), CandidateSettings.class));
            out.println(MARK + "ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                RunResult result = round.run(json.readValue(line, RunRequest.class));
                out.println(MARK + json.writeValueAsString(result));
            }
        }
        System.exit(0);
    }

    private static String line(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new IOException("no settings");
        }
        return line;
    }

    private static Round round(CandidateSettings settings) {
        return switch (settings.candidate()) {
            case ADSTREAM -> new AdstreamRound(settings);
            case SQL -> new SqlRound(settings);
            case BARE -> new BareRound(settings);
            case ATTRIBUTION -> new AttributionRound(settings);
            case LITERAL_CEP -> new LiteralCepRound(settings);
            case SESSION_JOIN -> new IntervalJoinRound(settings, false);
            case WHOLE_JOIN -> new IntervalJoinRound(settings, true);
            case BUDGET -> new BudgetRound(settings);
            case INCREMENTS -> new IncrementRound(settings);
            case FEATURES, FEATURES_FROM_STATE -> new FeaturesRound(settings);
            case LITERAL_WINDOWS -> new LiteralWindowsRound(settings);
        };
    }

    /** One pass over a topic. */
    interface Round {
        RunResult run(RunRequest request) throws Exception;
    }
}
