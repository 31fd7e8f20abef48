package io.adstream.common.store;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobInfo;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.OperatorIOMetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.mailbox.SyncMailboxExecutor;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.apache.flink.util.UserCodeClassLoader;

/** What a sink's writer is given by Flink, with a clock that a test moves and metrics it reads. */
public final class TestWriterContext implements WriterInitContext, TaskInfo {

    /** The context of an element without time. */
    public static final SinkWriter.Context NO_TIME =
            new SinkWriter.Context() {
                @Override
                public long currentWatermark() {
                    return Long.MIN_VALUE;
                }

                @Override
                public Long timestamp() {
                    return null;
                }
            };

    private final TestProcessingTimeService time = new TestProcessingTimeService();
    private final Metrics metrics = new Metrics();

    /** Lets processing time go on and runs the timers that are due. */
    public void advance(long ms) {
        try {
            time.advance(ms);
        } catch (Exception e) {
            throw new IllegalStateException("a timer failed", e);
        }
    }

    /** The value of a counter. */
    public long count(String name) {
        Counter counter = metrics.counters.get(name);
        if (counter == null) {
            throw new IllegalArgumentException("no counter " + name);
        }
        return counter.getCount();
    }

    /** The value of a gauge that is a number. */
    public long gauge(String name) {
        Gauge<?> gauge = metrics.gauges.get(name);
        if (gauge == null) {
            throw new IllegalArgumentException("no gauge " + name);
        }
        return ((Number) gauge.getValue()).longValue();
    }

    @Override
    public ProcessingTimeService getProcessingTimeService() {
        return time;
    }

    @Override
    public SinkWriterMetricGroup metricGroup() {
        return metrics;
    }

    @Override
    public MailboxExecutor getMailboxExecutor() {
        return new SyncMailboxExecutor();
    }

    @Override
    public TaskInfo getTaskInfo() {
        return this;
    }

    @Override
    public String getTaskName() {
        return "sink";
    }

    @Override
    public int getMaxNumberOfParallelSubtasks() {
        return 1;
    }

    @Override
    public int getIndexOfThisSubtask() {
        return 0;
    }

    @Override
    public int getNumberOfParallelSubtasks() {
        return 1;
    }

    @Override
    public int getAttemptNumber() {
        return 0;
    }

    @Override
    public String getTaskNameWithSubtasks() {
        return "sink (1/1)#0";
    }

    @Override
    public String getAllocationIDAsString() {
        return "test";
    }

    @Override
    public OptionalLong getRestoredCheckpointId() {
        return OptionalLong.empty();
    }

    @Override
    public boolean isObjectReuseEnabled() {
        return false;
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SerializationSchema.InitializationContext asSerializationSchemaInitializationContext() {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> TypeSerializer<T> createInputSerializer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public JobInfo getJobInfo() {
        throw new UnsupportedOperationException();
    }

    private static final class Metrics extends UnregisteredMetricsGroup
            implements SinkWriterMetricGroup {

        private final Map<String, Counter> counters = new ConcurrentHashMap<>();
        private final Map<String, Gauge<?>> gauges = new ConcurrentHashMap<>();

        @Override
        public Counter counter(String name) {
            return counters.computeIfAbsent(name, unused -> new SimpleCounter());
        }

        @Override
        public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
            gauges.put(name, gauge);
            return gauge;
        }

        @Override
        public Counter getNumRecordsOutErrorsCounter() {
            return counter("numRecordsOutErrors");
        }

        @Override
        public Counter getNumRecordsSendErrorsCounter() {
            return counter("numRecordsSendErrors");
        }

        @Override
        public Counter getNumRecordsSendCounter() {
            return counter("numRecordsSend");
        }

        @Override
        public Counter getNumBytesSendCounter() {
            return counter("numBytesSend");
        }

        @Override
        public void setCurrentSendTimeGauge(Gauge<Long> gauge) {}

        @Override
        public OperatorIOMetricGroup getIOMetricGroup() {
            throw new UnsupportedOperationException();
        }
    }
}
