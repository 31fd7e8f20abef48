package io.adstream.anomaly.notify;

/** A way to reach people. Used by one thread. */
interface Channel {

    /** What became of a message. */
    enum Outcome {
        /** It was taken. */
        TAKEN,
        /** It was certainly not taken; it can be sent again. */
        REFUSED,
        /** It may have been taken; it must not be sent again. */
        UNKNOWN
    }

    /**
     * What became of a message, and why.
     *
     * @param problem what happened, without secrets; empty where the message was taken
     */
    record Delivery(Outcome outcome, String problem) {

        static Delivery taken() {
            return new Delivery(Outcome.TAKEN, "");
        }
    }

    /** Its name in the table of notifications, such as {@code slack}. */
    String name();

    /** Where it leads, for logs, without secrets. */
    String address();

    /** Sends a message; waits no longer than its time-outs. */
    Delivery send(Message message);
}
