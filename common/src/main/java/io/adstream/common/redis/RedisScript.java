package io.adstream.common.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua compare-and-set. {@code KEYS[1]} is the key it decides about; beside it, it touches at most
 * {@code KEYS[2]}. It replies 1 when it has done what was asked, and 0 when what is stored is newer
 * and stays. Running it again with the same arguments changes nothing.
 */
public final class RedisScript {

    private final String name;
    private final byte[] source;
    private final byte[] sha1;

    /**
     * @param name what messages and logs call it
     * @param source the Lua text
     */
    public RedisScript(String name, String source) {
        this.name = name;
        this.source = source.getBytes(UTF_8);
        this.sha1 = HexFormat.of().formatHex(sha1(this.source)).getBytes(UTF_8);
    }

    /** What messages and logs call it. */
    public String name() {
        return name;
    }

    /** The Lua text, as bytes of the protocol. */
    public byte[] source() {
        return source;
    }

    /** The name under which the server keeps it, as bytes of the protocol. */
    byte[] sha1() {
        return sha1;
    }

    @Override
    public String toString() {
        return name;
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-1", e);
        }
    }
}
