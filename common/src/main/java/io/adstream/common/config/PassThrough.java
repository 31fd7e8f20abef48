package io.adstream.common.config;

import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keys below a prefix that are handed on to a library under the rest of their name.
 *
 * @param prefix the prefix, ending in a dot
 * @param description what it is for
 * @param known names that the library knows, without the prefix
 * @param knownPrefixes beginnings of names that are accepted without looking further
 * @param reserved names that the job sets itself, each with what to do instead
 * @param secrets names that are secrets: only from a file or the environment
 * @param check gives what is allowed where (name, value) is wrong, or null
 */
public record PassThrough(
        String prefix,
        String description,
        Set<String> known,
        Set<String> knownPrefixes,
        Map<String, String> reserved,
        Set<String> secrets,
        BiFunction<String, String, @Nullable String> check) {

    public PassThrough {
        known = Set.copyOf(known);
        knownPrefixes = Set.copyOf(knownPrefixes);
        reserved = Map.copyOf(reserved);
        secrets = Set.copyOf(secrets);
    }

    boolean knows(String name) {
        return known.contains(name) || knownPrefixes.stream().anyMatch(name::startsWith);
    }

    SecretOption secret(String name) {
        return new SecretOption(prefix + name, description);
    }
}
