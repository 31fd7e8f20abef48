package io.adstream.common.postgres;

import static java.util.stream.Collectors.joining;

import io.adstream.common.postgres.PostgresColumn.LongValue;
import io.adstream.common.postgres.PostgresColumn.Value;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How an element of a stream becomes a row of a table: columns, key, guard, and what to do with
 * several rows of one key that wait together.
 *
 * <p>The statement is {@code insert into NAME as t (…) select … from unnest(…) on conflict (KEY) do
 * update set … where GUARD}, with one array per column; or an update or a delete with the same
 * arrays.
 *
 * @param <T> the element
 */
public final class PostgresTable<T> implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Decides which of two rows with the same key is written. */
    @FunctionalInterface
    public interface Order<T> extends Serializable {
        /** Whether {@code later}, which came later, takes the place of {@code earlier}. */
        boolean replaces(T later, T earlier);
    }

    /** Says which rows are taken out of the table. */
    @FunctionalInterface
    public interface Removal<T> extends Serializable {
        /** Whether the stored row of this key goes. */
        boolean removes(T row);
    }

    /** Repairs a row that PostgreSQL refuses. */
    @FunctionalInterface
    public interface Salvage<T> extends Serializable {
        /** A row that says less and will be taken, or null if there is none. */
        @Nullable T of(T refused);
    }

    final String name;
    final String sql;
    final String removalSql;
    final ArrayList<PostgresColumn<T>> columns;
    final Value<T, String> rowKey;
    final Order<T> order;
    final LongValue<T> bytes;
    final @Nullable PostgresPreparation<T> preparation;
    final @Nullable Salvage<T> salvage;
    final @Nullable Removal<T> removal;

    private PostgresTable(Builder<T> builder) {
        name = builder.name;
        sql = builder.sql();
        removalSql = builder.removalSql();
        columns = builder.columns;
        rowKey = Objects.requireNonNull(builder.rowKey, "rowKey");
        order = builder.order;
        bytes = builder.bytes;
        preparation = builder.preparation;
        salvage = builder.salvage;
        removal = builder.removal;
    }

    /** Begins the description of a table, named with its schema. */
    public static <T> Builder<T> named(String name) {
        return new Builder<>(name);
    }

    /** The table, with its schema. */
    public String name() {
        return name;
    }

    /** The statement that writes a batch. */
    public String sql() {
        return sql;
    }

    /** Describes a table. Each column method takes the column's name and its value of a row. */
    public static final class Builder<T> {

        private final String name;
        private final ArrayList<PostgresColumn<T>> columns = new ArrayList<>();
        private final Map<String, String> computed = new LinkedHashMap<>();
        private List<String> key = List.of();
        private String guard = "";
        private boolean keepStored;
        private @Nullable Value<T, String> rowKey;
        private Order<T> order = (later, earlier) -> true;
        private LongValue<T> bytes = row -> 0;
        private @Nullable PostgresPreparation<T> preparation;
        private @Nullable Salvage<T> salvage;
        private @Nullable Removal<T> removal;
        private boolean updateOnly;

        private Builder(String name) {
            this.name = name;
        }

        /** A text column. */
        public Builder<T> text(String column, Value<T, String> value) {
            return add(PostgresColumn.text(column, "%s", value));
        }

        /** A jsonb column, from JSON text. */
        public Builder<T> jsonb(String column, Value<T, String> value) {
            return add(PostgresColumn.text(column, "%s::jsonb", value));
        }

        /** A bigint column without null. */
        public Builder<T> bigint(String column, LongValue<T> value) {
            return add(PostgresColumn.bigint(column, "%s", value));
        }

        /** A bigint column. */
        public Builder<T> bigintOrNull(String column, Value<T, Long> value) {
            return add(PostgresColumn.bigintOrNull(column, "%s", value));
        }

        /** An int column without null. */
        public Builder<T> integer(String column, LongValue<T> value) {
            return add(PostgresColumn.bigint(column, "%s::int", value));
        }

        /** An int column. */
        public Builder<T> integerOrNull(String column, Value<T, Long> value) {
            return add(PostgresColumn.bigintOrNull(column, "%s::int", value));
        }

        /** A numeric column without null, from millionths. */
        public Builder<T> micros(String column, LongValue<T> value) {
            return add(PostgresColumn.bigint(column, MICROS, value));
        }

        /** A numeric column, from millionths. */
        public Builder<T> microsOrNull(String column, Value<T, Long> value) {
            return add(PostgresColumn.bigintOrNull(column, MICROS, value));
        }

        /** A timestamptz column without null, from epoch ms. */
        public Builder<T> timestamp(String column, LongValue<T> value) {
            return add(PostgresColumn.bigint(column, EPOCH_MS, value));
        }

        /** A timestamptz column, from epoch ms. */
        public Builder<T> timestampOrNull(String column, Value<T, Long> value) {
            return add(PostgresColumn.bigintOrNull(column, EPOCH_MS, value));
        }

        /** A date column without null, from the number of days since 1970-01-01. */
        public Builder<T> date(String column, LongValue<T> epochDay) {
            return add(PostgresColumn.bigint(column, "date '1970-01-01' + %s::int", epochDay));
        }

        /** A double precision column. */
        public Builder<T> doubleOrNull(String column, Value<T, Double> value) {
            return add(PostgresColumn.doubleOrNull(column, value));
        }

        /** A column that the server computes, such as {@code now()}. */
        public Builder<T> computed(String column, String expression) {
            computed.put(column, expression);
            return this;
        }

        /**
         * What identifies a row.
         *
         * @param value the key of a row as one text: rows with equal keys are one row; a batch is
         *     sorted by it, so that batches cannot wait for each other in a circle; messages show
         *     it
         * @param keyColumns the columns of the unique constraint
         */
        public Builder<T> key(Value<T, String> value, String... keyColumns) {
            rowKey = value;
            key = List.of(keyColumns);
            return this;
        }

        /**
         * When a stored row is replaced; always, unless said.
         *
         * @param condition SQL over {@code t}, the stored row, and {@code excluded}, the new one
         */
        public Builder<T> replaceWhere(String condition) {
            guard = condition;
            return this;
        }

        /**
         * Only rows that are there are changed, and none is inserted.
         *
         * @param condition SQL over {@code t}, the stored row, and {@code excluded}, the new one
         */
        public Builder<T> updateWhere(String condition) {
            guard = condition;
            updateOnly = true;
            return this;
        }

        /** A row for which this holds is deleted, where the guard lets it be replaced. */
        public Builder<T> removeIf(Removal<T> aRemoval) {
            removal = aRemoval;
            return this;
        }

        /** A stored row stays as it is. */
        public Builder<T> keepStored() {
            keepStored = true;
            return this;
        }

        /** Which of two waiting rows of one key is written; the later, unless said. */
        public Builder<T> order(Order<T> anOrder) {
            order = anOrder;
            return this;
        }

        /** About how many bytes of memory a row holds; needed where rows can be large. */
        public Builder<T> bytes(LongValue<T> size) {
            bytes = size;
            return this;
        }

        /** What has to be there before rows are inserted. */
        public Builder<T> prepare(PostgresPreparation<T> aPreparation) {
            preparation = aPreparation;
            return this;
        }

        /** How a row that PostgreSQL refuses is repaired; without it such a row fails the job. */
        public Builder<T> salvage(Salvage<T> aSalvage) {
            salvage = aSalvage;
            return this;
        }

        /** The table. */
        public PostgresTable<T> build() {
            if (key.isEmpty()) {
                throw new IllegalStateException(name + " has no key");
            }
            return new PostgresTable<>(this);
        }

        private Builder<T> add(PostgresColumn<T> column) {
            columns.add(column);
            return this;
        }

        /** The statement that writes rows. */
        private String sql() {
            List<String> names = names();
            UnaryOperator<String> assign = c -> c + " = excluded." + c;
            String updates =
                    names.stream().filter(c -> !key.contains(c)).map(assign).collect(joining(", "));
            if (updateOnly) {
                return "update " + name + " as t set " + updates + " from " + rows() + matching();
            }
            String action =
                    keepStored || updates.isEmpty()
                            ? "do nothing"
                            : "do update set "
                                    + updates
                                    + (guard.isEmpty() ? "" : " where " + guard);
            return String.join(
                    " ",
                    Arrays.asList(
                            "insert into",
                            name,
                            "as t (" + String.join(", ", names) + ")",
                            select(),
                            "on conflict (" + String.join(", ", key) + ")",
                            action));
        }

        /** The statement that deletes rows. */
        private String removalSql() {
            return "delete from " + name + " as t using " + rows() + matching();
        }

        private List<String> names() {
            List<String> names =
                    new ArrayList<>(columns.stream().map(PostgresColumn::name).toList());
            names.addAll(computed.keySet());
            return names;
        }

        private String select() {
            List<String> values =
                    new ArrayList<>(
                            columns.stream()
                                    .map(c -> c.expression().replace("%s", "r." + c.name()))
                                    .toList());
            values.addAll(computed.values());
            String arrays =
                    columns.stream()
                            .map(c -> "?::" + c.elementType() + "[]")
                            .collect(joining(", "));
            String elements = columns.stream().map(PostgresColumn::name).collect(joining(", "));
            return String.join(
                    " ",
                    Arrays.asList(
                            "select",
                            String.join(", ", values),
                            "from unnest(" + arrays + ") as r(" + elements + ")"));
        }

        private String rows() {
            return "(" + select() + ") as excluded(" + String.join(", ", names()) + ")";
        }

        private String matching() {
            return " where "
                    + key.stream().map(c -> "t." + c + " = excluded." + c).collect(joining(" and "))
                    + (guard.isEmpty() ? "" : " and (" + guard + ")");
        }

        private static final String MICROS = "%s * 0.000001";
        private static final String EPOCH_MS = "to_timestamp(%s / 1000.0::float8)";
    }
}
