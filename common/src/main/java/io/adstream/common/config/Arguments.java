package io.adstream.common.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The arguments of a program, taken apart: {@code --key value} and {@code --key=value}.
 *
 * @param configFiles what {@code --config} named, in order
 * @param values by key, the last one of a repeated key
 * @param problems what does not have the form of an option, as sentences
 */
public record Arguments(
        List<String> configFiles, Map<String, String> values, List<String> problems) {

    public static Arguments parse(String[] args) {
        List<String> configFiles = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        int i = 0;
        while (i < args.length) {
            String argument = args[i++];
            if (!argument.startsWith("--") || argument.length() == 2) {
                // Its text is left out: it may be the rest of a secret with a blank in it.
                problems.add(
                        "argument "
                                + i
                                + " is no option: options look like --key value or --key=value");
                continue;
            }
            if (argument.equals("--help")) {
                problems.add("--help: every option is described in docs/reference/config.md");
                continue;
            }
            int equals = argument.indexOf('=');
            String key = equals < 0 ? argument.substring(2) : argument.substring(2, equals);
            String value;
            if (equals >= 0) {
                value = argument.substring(equals + 1);
            } else if (i < args.length && !args[i].startsWith("--")) {
                value = args[i++];
            } else {
                problems.add("--" + key + " has no value: write --" + key + " value");
                continue;
            }
            if (key.equals("config")) {
                configFiles.add(value);
            } else {
                values.put(key, value);
            }
        }
        return new Arguments(configFiles, values, problems);
    }
}
