package io.adstream.budget.account;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the campaigns that went out of the table while nobody looked. */
final class TableReading {

    private final Set<String> missing = new HashSet<>();

    /** All rows of the table follow: every campaign that is known must be among them. */
    void begin(Collection<CampaignAccount> accounts) {
        missing.clear();
        for (CampaignAccount account : accounts) {
            if (account.campaign != null) {
                missing.add(account.campaignId);
            }
        }
    }

    void found(String campaignId) {
        missing.remove(campaignId);
    }

    /** All rows have been found: gives the campaigns that were not among them. */
    List<String> end() {
        List<String> gone = List.copyOf(missing);
        missing.clear();
        return gone;
    }
}
