package io.adstream.local.traffic;

import java.time.Duration;
import java.util.List;

/**
 * The truth behind a conversion: the clicks that led one person to it, over sessions and devices.
 *
 * @param touches the clicks in time order
 * @param sessionId the session of the conversion
 * @param deviceId the device of the conversion
 * @param reach by which id of the conversion its clicks can be found
 */
public record Journey(List<Touch> touches, String sessionId, String deviceId, Reach reach) {

    /** How long before a conversion the attribution job looks for clicks. */
    public static final Duration WINDOW = Duration.ofHours(24);

    /** By which id of a conversion the clicks that led to it can be found, if at all. */
    public enum Reach {
        /** A click was in the conversion's session, at most 24 h before it. */
        SESSION,
        /** None was, but one on the conversion's device, at most 24 h before it. */
        DEVICE,
        /** All were on other devices, on one whose id tells nobody apart, or too long before. */
        NONE
    }

    /** The journey that ends with a conversion at a time, epoch milliseconds. */
    static Journey of(List<Touch> touches, String sessionId, String deviceId, long time) {
        Reach reach = Reach.NONE;
        for (Touch touch : touches) {
            if (touch.clickTime() < time - WINDOW.toMillis()) {
                continue;
            }
            if (touch.sessionId().equals(sessionId)) {
                reach = Reach.SESSION;
                break;
            }
            if (touch.deviceId().equals(deviceId) && Audience.isDevice(deviceId)) {
                reach = Reach.DEVICE;
            }
        }
        return new Journey(List.copyOf(touches), sessionId, deviceId, reach);
    }

    /**
     * One click of a journey.
     *
     * @param clickId its event id
     * @param clickTime its event time, epoch milliseconds
     * @param adId the ad clicked
     * @param sessionId the session that it was clicked in
     * @param deviceId the device that it was clicked on
     */
    public record Touch(
            String clickId, long clickTime, String adId, String sessionId, String deviceId) {}
}
