package io.adstream.local.traffic;

/** What the simulator asks and tells as an ad server. */
public interface AdServer {

    /** Serves every campaign and keeps no account. */
    AdServer UNLIMITED =
            new AdServer() {
                @Override
                public boolean serves(Campaign campaign) {
                    return true;
                }

                @Override
                public void spent(Campaign campaign, long eventTime, long micros) {}
            };

    /** Whether the campaign's ads may be shown now. Called for every impression: must be fast. */
    boolean serves(Campaign campaign);

    /**
     * A click was served.
     *
     * @param eventTime when, epoch milliseconds
     * @param micros its price
     */
    void spent(Campaign campaign, long eventTime, long micros);
}
