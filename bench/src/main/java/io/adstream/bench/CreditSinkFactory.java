package io.adstream.bench;

import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.types.RowKind;

/**
 * A SQL sink of rows {@code (conversion_id STRING, click_id STRING, tier INT)} that adds up which
 * clicks are credited. It takes results back where the query corrects itself.
 */
public final class CreditSinkFactory implements DynamicTableSinkFactory {

    static final String CONNECTOR = "bench_credits";

    /** Value of column {@code tier} where the session tells. */
    static final int SESSION = 1;

    @Override
    public String factoryIdentifier() {
        return CONNECTOR;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of();
    }

    @Override
    public DynamicTableSink createDynamicTableSink(DynamicTableFactory.Context context) {
        FactoryUtil.createTableFactoryHelper(this, context).validate();
        return new CreditTableSink();
    }

    private record CreditTableSink() implements DynamicTableSink {

        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return ChangelogMode.all();
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(DynamicTableSink.Context context) {
            return SinkV2Provider.of(new CreditSink<>(CreditTableSink::read));
        }

        private static void read(RowData row, CreditCounter counter) {
            RowKind kind = row.getRowKind();
            counter.add(
                    row.getInt(2) == SESSION,
                    row.getString(0).toString(),
                    row.getString(1).toString(),
                    kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER ? 1 : -1);
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
}
