package io.adstream.features.user;

import io.adstream.features.hour.SlidingHour;
import io.adstream.features.profile.Interests;
import io.adstream.features.retarget.Retargeting;
import io.adstream.features.session.Sessions;
import io.adstream.features.state.Varints;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The state of one user as bytes: version, which parts there are, and these. A later version must
 * go on reading this one: savepoints hold it.
 */
final class UserCodec {

    private static final int VERSION = 1;
    private static final int HOUR = 1;
    private static final int IN_SHOP = 1 << 1;
    private static final int WITH_ADS = 1 << 2;
    private static final int INTERESTS = 1 << 3;
    private static final int RETARGETING = 1 << 4;
    private static final int AHEAD = 1 << 5;

    private final DataOutputSerializer out = new DataOutputSerializer(512);
    private final DataInputDeserializer in = new DataInputDeserializer();

    byte[] write(User user) throws IOException {
        out.clear();
        out.writeByte(VERSION);
        out.writeByte(
                (user.hour.isEmpty() ? 0 : HOUR)
                        | (user.inShop.isEmpty() ? 0 : IN_SHOP)
                        | (user.withAds.isEmpty() ? 0 : WITH_ADS)
                        | (user.interests.isEmpty() ? 0 : INTERESTS)
                        | (user.retargeting.isUntouched() ? 0 : RETARGETING)
                        | (user.ahead.isEmpty() ? 0 : AHEAD));
        Varints.writeTime(user.timerAt, User.NEVER, out);
        Varints.writeTime(user.minuteEnd, User.NEVER, out);
        if (!user.hour.isEmpty()) {
            user.hour.write(out);
        }
        if (!user.inShop.isEmpty()) {
            user.inShop.write(out);
        }
        if (!user.withAds.isEmpty()) {
            user.withAds.write(out);
        }
        if (!user.interests.isEmpty()) {
            user.interests.write(out);
        }
        if (!user.retargeting.isUntouched()) {
            user.retargeting.write(out);
        }
        if (!user.ahead.isEmpty()) {
            Varints.write(user.ahead.size(), out);
            for (Ahead event : user.ahead) {
                event.write(out);
            }
        }
        return out.getCopyOfBuffer();
    }

    User read(String id, byte[] bytes) throws IOException {
        in.setBuffer(bytes);
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException(
                    "State of a user has version "
                            + version
                            + ", this release reads up to "
                            + VERSION
                            + ": restore it with the release that wrote it");
        }
        int parts = in.readByte();
        User user = new User(id);
        user.timerAt = Varints.readTime(User.NEVER, in);
        user.minuteEnd = Varints.readTime(User.NEVER, in);
        if ((parts & HOUR) != 0) {
            user.hour = SlidingHour.read(in);
        }
        if ((parts & IN_SHOP) != 0) {
            user.inShop = Sessions.read(in);
        }
        if ((parts & WITH_ADS) != 0) {
            user.withAds = Sessions.read(in);
        }
        if ((parts & INTERESTS) != 0) {
            user.interests = Interests.read(in);
        }
        if ((parts & RETARGETING) != 0) {
            user.retargeting = Retargeting.read(id, in);
        }
        if ((parts & AHEAD) != 0) {
            for (long left = Varints.read(in); left > 0; left--) {
                user.ahead.add(Ahead.read(in));
            }
        }
        return user;
    }
}
