package io.adstream.quality.rank;

import io.adstream.quality.score.Score;
import io.adstream.quality.score.Scored;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Gives the scores that a refresh publishes their place among all ads of the category. */
public final class RankCategory extends ProcessWindowFunction<Scored, Score, String, TimeWindow> {

    private static final long serialVersionUID = 1L;

    private final OutputTag<Standings> standings;

    /**
     * @param standings where the scores of a category go
     */
    public RankCategory(OutputTag<Standings> standings) {
        this.standings = standings;
    }

    @Override
    public void process(
            String category, Context context, Iterable<Scored> ads, Collector<Score> out) {
        int size = 0;
        for (Scored unused : ads) {
            size++;
        }
        double[] scores = new double[size];
        int next = 0;
        for (Scored ad : ads) {
            scores[next++] = ad.score();
        }
        Standings all = Standings.of(category, context.window().getEnd(), scores);
        for (Scored ad : ads) {
            Score publication = ad.publication();
            if (publication != null) {
                out.collect(publication.ranked(all.rank(publication.score()), all.size()));
            }
        }
        context.output(standings, all);
    }
}
