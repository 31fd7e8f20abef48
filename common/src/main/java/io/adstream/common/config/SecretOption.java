package io.adstream.common.config;

import java.util.Locale;

/**
 * A setting that is a secret. Its value comes from the file that {@code <key>-file} names or from
 * an environment variable, never from a configuration file or the command line.
 *
 * @param key the key, for example {@code redis.password}
 * @param description what it is for
 */
public record SecretOption(String key, String description) {

    /** The key of the option that names the file with the secret. */
    public String fileKey() {
        return key + "-file";
    }

    /** The environment variable that may hold the secret instead. */
    public String environmentVariable() {
        return "ADSTREAM_" + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
