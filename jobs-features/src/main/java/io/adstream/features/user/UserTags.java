package io.adstream.features.user;

import io.adstream.features.profile.ProfileRow;
import io.adstream.features.retarget.RetargetingRow;
import io.adstream.features.retarget.SignalNotice;
import io.adstream.features.session.SessionRow;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/** The exits of {@link TrackUsers} beside its output of hours. */
public final class UserTags {

    /** Sessions that have closed, or are part of another one now. */
    public static final OutputTag<SessionRow> SESSIONS =
            new OutputTag<>("sessions", TypeInformation.of(SessionRow.class));

    /** Profiles as they are, for Redis. */
    public static final OutputTag<ProfileRow> PROFILES =
            new OutputTag<>("profiles", TypeInformation.of(ProfileRow.class));

    /** Profiles at the end of a minute, to be sent on. */
    public static final OutputTag<ProfileRow> MINUTES =
            new OutputTag<>("minutes", TypeInformation.of(ProfileRow.class));

    /** Signals that begin or are settled. */
    public static final OutputTag<SignalNotice> SIGNALS =
            new OutputTag<>("signals", TypeInformation.of(SignalNotice.class));

    /** The signals of a user that are in force. */
    public static final OutputTag<RetargetingRow> RETARGETING =
            new OutputTag<>("retargeting", TypeInformation.of(RetargetingRow.class));

    private UserTags() {}
}
