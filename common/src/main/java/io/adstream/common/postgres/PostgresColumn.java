package io.adstream.common.postgres;

import java.io.Serializable;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One column of an insert from arrays.
 *
 * @param name the column
 * @param elementType the type of the elements that travel
 * @param expression what becomes of an element on the server; {@code %s} is the element
 * @param values takes the elements out of the rows
 * @param <T> the row
 */
record PostgresColumn<T>(String name, String elementType, String expression, Values<T> values)
        implements Serializable {

    /** The value of a row that may be absent. */
    @FunctionalInterface
    public interface Value<T, V> extends Serializable {
        @Nullable V of(T row);
    }

    /** The value of a row that is always there. */
    @FunctionalInterface
    public interface LongValue<T> extends Serializable {
        long of(T row);
    }

    /** Takes the elements of an array out of the rows. */
    @FunctionalInterface
    interface Values<T> extends Serializable {
        @Nullable Object[] of(List<T> rows);
    }

    static <T> PostgresColumn<T> text(String name, String expression, Value<T, String> value) {
        return new PostgresColumn<>(
                name,
                "text",
                expression,
                rows -> {
                    @Nullable String[] array = new @Nullable String[rows.size()];
                    for (int i = 0; i < array.length; i++) {
                        array[i] = value.of(rows.get(i));
                    }
                    return array;
                });
    }

    static <T> PostgresColumn<T> bigint(String name, String expression, LongValue<T> value) {
        return new PostgresColumn<>(
                name,
                "bigint",
                expression,
                rows -> {
                    @Nullable Long[] array = new @Nullable Long[rows.size()];
                    for (int i = 0; i < array.length; i++) {
                        array[i] = value.of(rows.get(i));
                    }
                    return array;
                });
    }

    static <T> PostgresColumn<T> bigintOrNull(
            String name, String expression, Value<T, Long> value) {
        return new PostgresColumn<>(
                name,
                "bigint",
                expression,
                rows -> {
                    @Nullable Long[] array = new @Nullable Long[rows.size()];
                    for (int i = 0; i < array.length; i++) {
                        array[i] = value.of(rows.get(i));
                    }
                    return array;
                });
    }

    static <T> PostgresColumn<T> doubleOrNull(String name, Value<T, Double> value) {
        return new PostgresColumn<>(
                name,
                "float8",
                "%s",
                rows -> {
                    @Nullable Double[] array = new @Nullable Double[rows.size()];
                    for (int i = 0; i < array.length; i++) {
                        array[i] = value.of(rows.get(i));
                    }
                    return array;
                });
    }

    /** The rows' values as an array of the connection. */
    Array toArray(Connection connection, List<T> rows) throws SQLException {
        return connection.createArrayOf(elementType, values.of(rows));
    }
}
