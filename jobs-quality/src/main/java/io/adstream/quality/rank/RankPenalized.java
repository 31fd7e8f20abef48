package io.adstream.quality.rank;

import io.adstream.quality.input.AdWindow;
import io.adstream.quality.score.Penalized;
import io.adstream.quality.score.Score;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Gives scores that a penalty has changed their place among the scores of the latest refresh. Where
 * these are still on their way from the refresh that the penalized score is of, it waits.
 */
public final class RankPenalized
        extends KeyedCoProcessFunction<String, Standings, Penalized, Score> {

    private static final long serialVersionUID = 1L;

    private transient ValueState<Standings> standings;
    private transient ListState<Penalized> waiting;

    @Override
    public void open(OpenContext context) {
        standings =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "standings", TypeInformation.of(Standings.class)));
        waiting =
                getRuntimeContext()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "waiting", TypeInformation.of(Penalized.class)));
    }

    @Override
    public void processElement1(Standings latest, Context context, Collector<Score> out)
            throws Exception {
        Standings known = latest;
        List<Penalized> early = new ArrayList<>();
        for (Penalized penalized : waiting.get()) {
            if (penalized.publication().refresh().at() <= latest.at()) {
                known = rank(known, penalized, out);
            } else {
                early.add(penalized);
            }
        }
        waiting.update(early);
        standings.update(known);
        // A category without ads has no refresh.
        context.timerService().registerEventTimeTimer(latest.at() + 2 * AdWindow.MILLIS);
    }

    @Override
    public void processElement2(Penalized penalized, Context context, Collector<Score> out)
            throws Exception {
        Standings known = standings.value();
        if (known == null || known.at() < penalized.publication().refresh().at()) {
            waiting.add(penalized);
        } else {
            standings.update(rank(known, penalized, out));
        }
    }

    private static Standings rank(Standings known, Penalized penalized, Collector<Score> out) {
        Score score = penalized.publication();
        // The scores of a later refresh know of the penalty, and the ad is one of them.
        Standings next =
                known.at() == score.refresh().at()
                        ? known.with(penalized.before(), score.score())
                        : known;
        int place = Math.min(next.rank(score.score()), next.size());
        out.collect(score.ranked(place, next.size()));
        return next;
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Score> out) throws Exception {
        Standings known = standings.value();
        if (known != null && known.at() + 2 * AdWindow.MILLIS <= time) {
            standings.clear();
        }
    }
}
