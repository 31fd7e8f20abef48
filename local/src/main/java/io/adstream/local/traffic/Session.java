package io.adstream.local.traffic;

/** One visit of one person on one device. */
final class Session {

    /** How a device writes times. */
    enum TimeForm {
        UTC,
        OFFSET,
        EPOCH
    }

    final int user;
    final boolean anonymous;
    final String deviceId;
    final String sessionId;
    final TimeForm timeForm;
    final byte[] json;
    final byte[] key;

    Session(
            int user,
            boolean anonymous,
            String deviceId,
            String sessionId,
            TimeForm timeForm,
            byte[] json,
            byte[] key) {
        this.user = user;
        this.anonymous = anonymous;
        this.deviceId = deviceId;
        this.sessionId = sessionId;
        this.timeForm = timeForm;
        this.json = json;
        this.key = key;
    }
}
