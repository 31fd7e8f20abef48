package io.adstream.common.redis;

import org.jspecify.annotations.Nullable;

/**
 * One guarded write of one key, as an absolute value. Of several writes of a key that wait in the
 * sink only the one with the greatest (version, subversion) is sent; of equal ones the last.
 *
 * @param script the compare-and-set that is run
 * @param key its {@code KEYS[1]}
 * @param version what orders the writes of a key first, such as the start of the window
 * @param subversion what orders writes of one version, such as the number of events counted
 * @param args its {@code ARGV}; not to be changed afterwards
 * @param also its {@code KEYS[2]}, another key that it looks at; null where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // handed to the protocol as it is, never compared
public record RedisWrite(
        RedisScript script,
        String key,
        long version,
        long subversion,
        byte[][] args,
        @Nullable String also) {

    /** A write that looks at no other key. */
    public RedisWrite(
            RedisScript script, String key, long version, long subversion, byte[][] args) {
        this(script, key, version, subversion, args, null);
    }

    /** Whether this write, made later, takes the place of another one of the same key. */
    boolean replaces(RedisWrite earlier) {
        return version > earlier.version
                || (version == earlier.version && subversion >= earlier.subversion);
    }
}
