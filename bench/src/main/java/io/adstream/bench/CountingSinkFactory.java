package io.adstream.bench;

import java.math.BigDecimal;
import java.util.Set;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * A SQL sink that adds up what it is given and throws it away: {@code blackhole}, with a check that
 * the results are right.
 */
public final class CountingSinkFactory implements DynamicTableSinkFactory {

    static final String CONNECTOR = "bench_counting";

    private static final ConfigOption<String> LABEL =
            ConfigOptions.key("label").stringType().noDefaultValue();

    private static final int FIRST_COUNT = 3;
    private static final int PRECISION = 38;
    private static final int SCALE = 6;

    @Override
    public String factoryIdentifier() {
        return CONNECTOR;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(LABEL);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of();
    }

    @Override
    public DynamicTableSink createDynamicTableSink(DynamicTableFactory.Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        helper.validate();
        return new CountingTableSink(helper.getOptions().get(LABEL));
    }

    private record CountingTableSink(String label) implements DynamicTableSink {

        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            // Of rows that are only inserted: a deduplication that takes rows back would not do.
            return ChangelogMode.insertOnly();
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(DynamicTableSink.Context context) {
            return SinkV2Provider.of(new CountingSink(label));
        }

        @Override
        public DynamicTableSink copy() {
            return this;
        }

        @Override
        public String asSummaryString() {
            return CONNECTOR;
        }
    }

    private static final class CountingSink implements Sink<RowData> {
        private static final long serialVersionUID = 1L;

        private final String label;

        CountingSink(String label) {
            this.label = label;
        }

        @Override
        public SinkWriter<RowData> createWriter(WriterInitContext context) {
            return new CountingWriter(label, context);
        }
    }

    private static final class CountingWriter implements SinkWriter<RowData> {
        private final Counter impressions;
        private final Counter clicks;
        private final Counter conversions;
        private final Counter cost;
        private final Counter revenue;

        CountingWriter(String label, WriterInitContext context) {
            impressions = context.metricGroup().counter(label + ".impressions");
            clicks = context.metricGroup().counter(label + ".clicks");
            conversions = context.metricGroup().counter(label + ".conversions");
            cost = context.metricGroup().counter(label + ".cost");
            revenue = context.metricGroup().counter(label + ".revenue");
        }

        @Override
        public void write(RowData row, SinkWriter.Context context) {
            impressions.inc(row.getLong(FIRST_COUNT));
            clicks.inc(row.getLong(FIRST_COUNT + 1));
            conversions.inc(row.getLong(FIRST_COUNT + 2));
            cost.inc(micros(row, FIRST_COUNT + 3));
            revenue.inc(micros(row, FIRST_COUNT + 4));
        }

        private static long micros(RowData row, int field) {
            if (row.isNullAt(field)) {
                return 0;
            }
            DecimalData decimal = row.getDecimal(field, PRECISION, SCALE);
            BigDecimal value = decimal.toBigDecimal();
            return value.movePointRight(SCALE).longValueExact();
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
