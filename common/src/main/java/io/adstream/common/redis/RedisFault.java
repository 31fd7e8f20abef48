package io.adstream.common.redis;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an error reply of Redis means to a writer.
 *
 * @param code the first word of the reply, such as {@code OOM}
 * @param passes whether waiting can help
 * @param advice what an operator can do
 */
record RedisFault(String code, boolean passes, String advice) {

    static final String NOSCRIPT = "NOSCRIPT";

    private static final Map<String, String> PASSING = new LinkedHashMap<>();
    private static final Map<String, String> LASTING = new LinkedHashMap<>();

    static {
        PASSING.put("LOADING", "It is reading its data and will answer when it is done.");
        PASSING.put(
                "READONLY",
                "The address leads to a replica: point it to the primary or finish the failover.");
        PASSING.put("OOM", "Its memory is used up: raise maxmemory or remove what is not needed.");
        PASSING.put("BUSY", "A script of somebody else runs too long: SCRIPT KILL ends it.");
        PASSING.put("MASTERDOWN", "The replica has no primary: finish the failover.");
        PASSING.put("NOREPLICAS", "Too few replicas are in step: see min-replicas-to-write.");
        PASSING.put("MISCONF", "It cannot save its data: see its log and the space on its disk.");
        PASSING.put("CLUSTERDOWN", "The cluster is not complete: see CLUSTER INFO.");
        PASSING.put("TRYAGAIN", "Slots are moving between nodes.");
        LASTING.put(
                "WRONGTYPE",
                "Another program uses this key: rename one of them, or DEL the key, then restart"
                        + " the job.");
        LASTING.put("NOAUTH", "Set the user and the password of Redis in the job's configuration.");
        LASTING.put("WRONGPASS", "Correct the user or the password of Redis in the configuration.");
        LASTING.put(
                "NOPERM",
                "Grant the user EVALSHA, SCRIPT LOAD, INFO, the hash and expiry commands and these"
                        + " keys (ACL SETUSER).");
        LASTING.put("MOVED", "A Redis Cluster is not supported: give the address of one primary.");
        LASTING.put("DENIED", "Redis is in protected mode: see its configuration.");
    }

    /** Reads the message of an error reply. */
    static RedisFault of(String message) {
        if (message.startsWith(NOSCRIPT)) {
            return new RedisFault(NOSCRIPT, true, "The script is loaded again.");
        }
        if (message.contains("max number of clients")) {
            return new RedisFault("ERR", true, "Raise maxclients or close other connections.");
        }
        for (Map.Entry<String, String> known : PASSING.entrySet()) {
            if (isCode(known.getKey(), message)) {
                return new RedisFault(known.getKey(), true, known.getValue());
            }
        }
        for (Map.Entry<String, String> known : LASTING.entrySet()) {
            if (isCode(known.getKey(), message)) {
                return new RedisFault(known.getKey(), false, known.getValue());
            }
        }
        return new RedisFault(
                "ERR", false, "Correct what Redis complains about, then restart the job.");
    }

    /** Redis before version 7 hides the code of a command in the message of its script. */
    private static boolean isCode(String code, String message) {
        return message.startsWith(code + " ") || message.contains("-" + code + " ");
    }
}
