package io.adstream.testing.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlinkClusterITCase {

    @RegisterExtension
    static final FlinkCluster FLINK =
            FlinkCluster.with()
                    .taskManagers(2)
                    .slots(2)
                    .checkpointInterval(Duration.ofMillis(200))
                    .build();

    @Test
    void collectsWhatABoundedJobEmits() {
        StreamExecutionEnvironment env = FLINK.environment(2);
        Collected<Long> counts = FLINK.collect(counts(env, 100), "collected");

        RunningJob job = FLINK.start(env);
        job.awaitFinished();

        assertThat(counts.records()).hasSize(100).contains(10L).doesNotContain(11L);
        assertThat(job.metricSum("counted")).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void continuesFromASavepointWithAnotherParallelism(String backend) {
        Map<String, String> options = Map.of("state.backend.type", backend);
        StreamExecutionEnvironment env = FLINK.environment(1, options);
        Collected<Long> first = FLINK.collect(counts(env, Long.MAX_VALUE), "collected");
        RunningJob job = FLINK.start(env).awaitRunning().awaitCheckpoints(2);
        first.awaitCount(20);
        String savepoint = job.stopWithSavepoint();
        assertThat(job.status()).isEqualTo(JobStatus.FINISHED);

        StreamExecutionEnvironment restored = FLINK.environmentFrom(savepoint, 2);
        Collected<Long> second = FLINK.collect(counts(restored, Long.MAX_VALUE), "collected");
        RunningJob again = FLINK.start(restored).awaitRunning();
        List<Long> counts = second.awaitCount(20);
        again.cancel();

        assertThat(again.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(counts.get(0)).isGreaterThan(1);
    }

    @Test
    void failsOverWhenATaskManagerEnds() {
        StreamExecutionEnvironment env = FLINK.environment(2);
        Collected<Long> counts = FLINK.collect(counts(env, Long.MAX_VALUE), "collected");
        RunningJob job = FLINK.start(env).awaitRunning().checkpoint();
        counts.awaitCount(1);

        FLINK.endTaskManager(0);
        FLINK.endTaskManager(1);
        FLINK.startTaskManager();
        FLINK.startTaskManager();
        job.awaitRestarts(1);

        counts.clear();
        counts.awaitCount(1);
        assertThat(job.newestCheckpoint()).isPresent();
    }

    @Test
    void refusesOperatorsWithoutUid() {
        StreamExecutionEnvironment env = FLINK.environment(1);
        FLINK.collect(env.fromData(1L, 2L).map(x -> x + 1), "collected");

        assertThatThrownBy(() -> FLINK.start(env))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Auto generated UIDs have been disabled");
    }

    @Test
    void refusesKryo() {
        StreamExecutionEnvironment env = FLINK.environment(1);

        assertThatThrownBy(() -> FLINK.collect(env.fromData(List.of(new Object())), "collected"))
                .hasMessageContaining("Generic types have been disabled");
    }

    @Test
    void aFailedJobIsNotWaitedFor() {
        StreamExecutionEnvironment env =
                FLINK.environment(1, Map.of("restart-strategy.type", "none"));
        DataStream<Long> broken =
                counts(env, 10)
                        .map(
                                x -> {
                                    if (x > 0) {
                                        throw new IllegalArgumentException("broken on purpose");
                                    }
                                    return x;
                                })
                        .returns(Types.LONG)
                        .name("broken")
                        .uid("broken");
        FLINK.collect(broken, "collected");
        RunningJob job = FLINK.start(env);

        assertThat(job.awaitFailure()).hasStackTraceContaining("broken on purpose");
        assertThatThrownBy(() -> job.awaitRestarts(1)).hasStackTraceContaining("broken on purpose");
    }

    private static DataStream<Long> counts(StreamExecutionEnvironment env, long numbers) {
        return env.fromSource(
                        new DataGeneratorSource<>(
                                i -> i,
                                numbers,
                                RateLimiterStrategy.perSecond(
                                        numbers == Long.MAX_VALUE ? 200 : 1_000_000),
                                Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .uid("numbers")
                .keyBy(x -> x % 10)
                .process(new CountPerKey())
                .name("count")
                .uid("count");
    }

    /** Emits how many numbers of the key there were so far. */
    private static final class CountPerKey extends KeyedProcessFunction<Long, Long, Long> {

        private static final long serialVersionUID = 1;

        private transient ValueState<Long> count;
        private transient Counter counted;

        @Override
        public void open(OpenContext context) {
            count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
            counted = getRuntimeContext().getMetricGroup().counter("counted");
        }

        @Override
        public void processElement(Long value, Context context, Collector<Long> out)
                throws Exception {
            Long before = count.value();
            long now = before == null ? 1 : before + 1;
            count.update(now);
            counted.inc();
            out.collect(now);
        }
    }
}
