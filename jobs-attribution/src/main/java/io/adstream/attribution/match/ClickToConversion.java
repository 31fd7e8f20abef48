package io.adstream.attribution.match;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.cep.configuration.SharedBufferCacheConfig;
import org.apache.flink.cep.nfa.NFA;
import org.apache.flink.cep.nfa.NFAState;
import org.apache.flink.cep.nfa.NFAStateSerializer;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBuffer;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBufferAccessor;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;
import org.apache.flink.cep.time.TimerService;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The CEP pattern, and Flink's automaton for it over the state of the current key.
 *
 * <pre>
 * clicks  followedByAny  conversion   within window + 1 ms, no skipping
 * </pre>
 *
 * <p>Each conversion is matched with every run of clicks before it, and a run stays for later
 * conversions until the window is over. {@code within} excludes its bound, hence the millisecond.
 *
 * <p>Flink's own operator around the automaton is not used: it takes each click into the automaton,
 * while only those of keys that convert matter, and with each event of a key it goes over all open
 * matches of the key. It finds the same; see {@code docs/adr/0005}.
 */
final class ClickToConversion implements AutoCloseable {

    private static final String CLICKS = "clicks";
    private static final String CONVERSION = "conversion";

    /** A key has few runs; those of a call are then read and written once. */
    private static final int CACHE_SLOTS = 4096;

    private final NFA<ClickRun> automaton;
    private final SharedBuffer<ClickRun> buffer;
    private final ValueState<NFAState> state;
    private final TimerService noProcessingTime = () -> Long.MIN_VALUE;

    /** How many runs of all keys wait for further conversions. */
    private long openMatches;

    /**
     * @param window how long after a click a conversion counts, both ends included
     * @param openMatches how many runs of all keys are in state already
     */
    ClickToConversion(Duration window, KeyedStateStore store, long openMatches) {
        this.openMatches = openMatches;
        automaton = NFACompiler.compileFactory(pattern(window), false).createNFA();
        buffer =
                new SharedBuffer<>(
                        store,
                        ClickRunSerializer.INSTANCE,
                        new SharedBufferCacheConfig(
                                CACHE_SLOTS, CACHE_SLOTS, Duration.ofMinutes(30)));
        // It would log the hits of a cache that lives for a call, from a thread per task.
        buffer.releaseCacheStatisticsTimer();
        state =
                store.getState(
                        new ValueStateDescriptor<>("partial-matches", new NFAStateSerializer()));
    }

    static Pattern<ClickRun, ?> pattern(Duration window) {
        return Pattern.<ClickRun>begin(CLICKS, AfterMatchSkipStrategy.noSkip())
                .where(SimpleCondition.of(step -> !step.conversion()))
                .followedByAny(CONVERSION)
                .where(SimpleCondition.of(ClickRun::conversion))
                .within(window.plusMillis(1));
    }

    void open(RuntimeContext context) throws Exception {
        automaton.open(context, new Configuration());
    }

    /**
     * Tells the automaton what happened to the current key: perhaps clicks, then a conversion. Must
     * be called in the order of event time.
     *
     * @param run the clicks since the conversion before; null where there were none
     * @return the runs whose newest click lies within the window before the conversion
     */
    List<ClickRun> conversion(@Nullable ClickRun run, long time) throws Exception {
        NFAState matches = state.value();
        if (matches == null) {
            if (run == null) {
                return List.of();
            }
            matches = automaton.createInitialNFAState();
        }
        int before = open(matches);
        List<ClickRun> matched = new ArrayList<>();
        try (SharedBufferAccessor<ClickRun> accessor = buffer.getAccessor()) {
            if (run != null) {
                process(accessor, matches, run);
            }
            for (Map<String, List<ClickRun>> match :
                    process(accessor, matches, ClickRun.conversionAt(time))) {
                matched.addAll(match.get(CLICKS));
            }
        }
        keep(matches, before);
        return matched;
    }

    private Iterable<Map<String, List<ClickRun>>> process(
            SharedBufferAccessor<ClickRun> accessor, NFAState matches, ClickRun step)
            throws Exception {
        automaton.advanceTime(accessor, matches, step.until(), AfterMatchSkipStrategy.noSkip());
        return automaton.process(
                accessor,
                matches,
                step,
                step.until(),
                AfterMatchSkipStrategy.noSkip(),
                noProcessingTime);
    }

    /** Lets time go on, so that runs whose window is over are forgotten. */
    void advanceTime(long time) throws Exception {
        NFAState matches = state.value();
        if (matches == null) {
            return;
        }
        int before = open(matches);
        try (SharedBufferAccessor<ClickRun> accessor = buffer.getAccessor()) {
            automaton.advanceTime(accessor, matches, time, AfterMatchSkipStrategy.noSkip());
        }
        keep(matches, before);
    }

    /** How many runs of all keys wait for further conversions. */
    long openMatches() {
        return openMatches;
    }

    /** One of the automaton's computations is its start, which is always there. */
    private static int open(NFAState matches) {
        return matches.getPartialMatches().size() - 1;
    }

    /** What is left when no run is open needs no state. */
    private void keep(NFAState matches, int before) throws Exception {
        int left = open(matches);
        openMatches += left - before;
        if (left == 0) {
            state.clear();
        } else if (matches.isStateChanged()) {
            matches.resetStateChanged();
            matches.resetNewStartPartialMatch();
            state.update(matches);
        }
    }

    @Override
    public void close() throws Exception {
        automaton.close();
    }
}
