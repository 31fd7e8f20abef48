package io.adstream.features;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Arguments of the scripts that write the hashes of users. */
public final class HashWrites {

    /**
     * Part of a script that has written key {@code k}: it goes at {@code ARGV[1]}, or later where
     * it had {@code left} longer to live. What is sent again, since nobody knows whether the server
     * lost it, would shorten a life that has begun by the wall clock.
     */
    public static final String LIVE_AT_LEAST_AS_LONG =
            """
            redis.call('PEXPIREAT', k, ARGV[1])
            if left > redis.call('PTTL', k) then redis.call('PEXPIRE', k, left) end
            return 1
            """;

    private HashWrites() {}

    /** Texts as the server gets them. */
    public static byte[][] arguments(String... texts) {
        return arguments(List.of(texts));
    }

    /** Texts as the server gets them. */
    public static byte[][] arguments(List<String> texts) {
        byte[][] bytes = new byte[texts.size()][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = texts.get(i).getBytes(UTF_8);
        }
        return bytes;
    }
}
