package io.adstream.local.traffic;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** The people, their devices and visits. A person's traits follow from seed and number alone. */
final class Audience {

    /** What some devices send instead of an id: it identifies nobody. */
    private static final String SENTINEL_DEVICE = "00000000-0000-0000-0000-000000000000";

    private final long salt;
    private final int users;
    private final Ids sessionIds;
    private final JsonText text = new JsonText();

    Audience(long salt, int users) {
        this.salt = salt;
        this.users = users;
        this.sessionIds = new Ids(salt ^ 0x5e5510L);
    }

    /** Whether the id is a device's, and not what devices without one send. */
    static boolean isDevice(String deviceId) {
        return !deviceId.equals(SENTINEL_DEVICE);
    }

    int draw(SplittableRandom random) {
        return random.nextInt(users);
    }

    int devices(int user) {
        return 1 + (int) Long.remainderUnsigned(traits(user), 3);
    }

    static String userId(int user) {
        return "u-" + (user + 1);
    }

    /** A new visit on any of the person's devices. */
    Session visit(int user, SplittableRandom random) {
        return visit(user, random.nextInt(devices(user)));
    }

    /** A new visit of anyone who is signed in. */
    Session identifiedVisit(SplittableRandom random) {
        Session session;
        do {
            session = visit(draw(random), random);
        } while (session.anonymous);
        return session;
    }

    private Session visit(int user, int device) {
        long traits = Ids.mix(traits(user) + device);
        boolean anonymous = device > 0 && traits % 5 == 0;
        boolean sentinel = Long.remainderUnsigned(traits >>> 8, 1000) == 0;
        String deviceId = sentinel ? SENTINEL_DEVICE : "d-" + (user + 1) + "-" + device;
        String ip =
                "10."
                        + (traits >>> 16 & 0xff)
                        + "."
                        + (traits >>> 24 & 0xff)
                        + "."
                        + (traits >>> 32 & 0xff);
        long form = traits >>> 40 & 0x3f;
        return session(
                user,
                anonymous,
                deviceId,
                ip,
                form == 0
                        ? Session.TimeForm.EPOCH
                        : form == 1 ? Session.TimeForm.OFFSET : Session.TimeForm.UTC);
    }

    /** A visit of someone who is not one of the people: the source of a flood. */
    Session stranger(String deviceId, String ip) {
        return session(-1, true, deviceId, ip, Session.TimeForm.UTC);
    }

    private Session session(
            int user, boolean anonymous, String deviceId, String ip, Session.TimeForm form) {
        sessionIds.advance();
        String sessionId = "s-" + Long.toHexString(sessionIds.high());
        byte[] json =
                text.start()
                        .ascii(
                                anonymous
                                        ? "\"user_id\":null,"
                                        : "\"user_id\":\"" + userId(user) + "\",")
                        .ascii("\"device_id\":\"")
                        .ascii(deviceId)
                        .ascii("\",\"session_id\":\"")
                        .ascii(sessionId)
                        .ascii("\",\"ip\":\"")
                        .ascii(ip)
                        .ascii("\",")
                        .toBytes();
        return new Session(
                user,
                anonymous,
                deviceId,
                sessionId,
                form,
                json,
                deviceId.getBytes(StandardCharsets.US_ASCII));
    }

    private long traits(int user) {
        return Ids.mix(salt + user * 0x9e3779b97f4a7c15L);
    }
}
