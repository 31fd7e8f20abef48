package io.adstream.local.traffic;

import java.util.List;

/**
 * The truth behind a conversion: the clicks that led one person to it, over sessions and devices.
 *
 * @param touches the clicks in time order
 * @param sessionId the session of the conversion
 * @param deviceId the device of the conversion
 */
public record Journey(List<Touch> touches, String sessionId, String deviceId) {

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
