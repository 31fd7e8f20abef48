package io.adstream.budget.sync;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads counters at a cut, in a thread of its own. A sample that cannot be taken in time is not
 * taken: there is then no comparison at the cut, and none is made of another moment.
 */
public final class SampleCounters extends RichAsyncFunction<SampleRequest, CounterSample> {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(SampleCounters.class);
    private static final long PATIENCE_SECONDS = 10;

    private final CounterReader reader;
    private final long toleranceMillis;

    private transient ExecutorService thread;
    private transient CounterReader.@Nullable Session session;
    private transient Counter missedSamples;
    private transient Counter unreadableCounters;

    /**
     * @param toleranceMillis how late a sample may be
     */
    public SampleCounters(CounterReader reader, long toleranceMillis) {
        this.reader = reader;
        this.toleranceMillis = toleranceMillis;
    }

    @Override
    public void open(OpenContext context) {
        thread =
                Executors.newSingleThreadExecutor(
                        work -> {
                            Thread made = new Thread(work, "budget-counter-samples");
                            made.setDaemon(true);
                            return made;
                        });
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("adstream");
        missedSamples = metrics.counter("missedSamples");
        unreadableCounters = metrics.counter("unreadableCounters");
    }

    @Override
    public void asyncInvoke(SampleRequest request, ResultFuture<CounterSample> result) {
        thread.execute(() -> result.complete(sample(request)));
    }

    @Override
    public void timeout(SampleRequest request, ResultFuture<CounterSample> result) {
        missedSamples.inc();
        result.complete(List.of());
    }

    private List<CounterSample> sample(SampleRequest request) {
        if (isTooLate(request)) {
            missedSamples.inc();
            return List.of();
        }
        try {
            CounterReader.Session open = session;
            if (open == null) {
                open = reader.open();
                session = open;
            }
            List<CounterScripts.@Nullable Found> found = open.read(request);
            if (isTooLate(request)) {
                missedSamples.inc();
                return List.of();
            }
            return samples(request, found);
        } catch (IOException e) {
            LOG.warn(
                    "The counters cannot be read for the comparison at {}: {}",
                    Instant.ofEpochMilli(request.cut()),
                    e.getMessage());
            missedSamples.inc();
            return List.of();
        }
    }

    private boolean isTooLate(SampleRequest request) {
        return System.currentTimeMillis() - request.cut() > toleranceMillis;
    }

    private List<CounterSample> samples(
            SampleRequest request, List<CounterScripts.@Nullable Found> found) {
        List<CounterSample> samples = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            CounterScripts.Found counter = found.get(i);
            if (counter == null) {
                unreadableCounters.inc();
            } else {
                samples.add(
                        new CounterSample(
                                request.cut(),
                                request.campaignIds().get(i),
                                request.dates().get(i),
                                counter.counter(),
                                counter.version()));
            }
        }
        return samples;
    }

    @Override
    public void close() throws Exception {
        if (thread != null) {
            thread.shutdownNow();
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The thread that reads counters does not end");
            }
        }
        if (session != null) {
            session.close();
        }
    }
}
