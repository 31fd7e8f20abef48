package io.adstream.common.config;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.jspecify.annotations.Nullable;

/**
 * Flink's own settings for one job: {@code flink.<key of Flink>}. They go where the job's other
 * settings are, so that {@code flink run} with the jar alone runs a job as it was tuned.
 */
public final class FlinkOptions {

    public static final OptionSet OPTIONS =
            OptionSet.named(
                    "Flink",
                    "Engine settings of one job. They win over `conf/config.yaml` and over `flink run"
                            + " -D`; what the whole cluster shares belongs into `conf/config.yaml`.");

    private static final Map<String, ConfigOption<?>> KNOWN = known();
    private static final Pattern INTERNAL =
            Pattern.compile(
                    "pipeline\\.(jars|classpaths|cached-files|global-job-parameters|name)|execution\\.(attached|shutdown-on-attached-exit|target|state-recovery\\..*)");

    /** Flink's options that belong to a job, such as {@code execution.checkpointing.interval}. */
    public static final PassThrough ENGINE =
            OPTIONS.passThrough(
                    new PassThrough(
                            "flink.",
                            "Options of Flink that belong to a job: checkpointing, restart strategy,"
                                    + " state backend, pipeline, `parallelism.default`.",
                            KNOWN.keySet(),
                            Set.of("state.backend.rocksdb."),
                            reserved(),
                            Set.of(),
                            FlinkOptions::check));

    private FlinkOptions() {}

    private static Map<String, ConfigOption<?>> known() {
        Map<String, ConfigOption<?>> known = new TreeMap<>();
        known.put(CoreOptions.DEFAULT_PARALLELISM.key(), CoreOptions.DEFAULT_PARALLELISM);
        for (Class<?> holder :
                List.of(
                        CheckpointingOptions.class,
                        ExecutionOptions.class,
                        PipelineOptions.class,
                        RestartStrategyOptions.class,
                        StateBackendOptions.class)) {
            for (Field field : holder.getFields()) {
                if (Modifier.isStatic(field.getModifiers())
                        && field.getType() == ConfigOption.class) {
                    try {
                        ConfigOption<?> option = (ConfigOption<?>) field.get(null);
                        known.put(option.key(), option);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        }
        return known;
    }

    private static Map<String, String> reserved() {
        Map<String, String> reserved = new HashMap<>();
        for (String key : KNOWN.keySet()) {
            if (INTERNAL.matcher(key).matches()) {
                reserved.put(key, "leave it out");
            }
        }
        return reserved;
    }

    private static @Nullable String check(String key, String value) {
        ConfigOption<?> option = KNOWN.get(key);
        if (option == null) {
            return null;
        }
        Configuration given = new Configuration();
        given.setString(key, value);
        try {
            Object read = given.get(option);
            return read == null ? "a value for Flink's " + key : null;
        } catch (IllegalArgumentException e) {
            return "a value for Flink's " + key + " as its documentation describes it";
        }
    }
}
