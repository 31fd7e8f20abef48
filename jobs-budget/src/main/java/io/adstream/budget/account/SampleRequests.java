package io.adstream.budget.account;

import io.adstream.budget.sync.SampleRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Asks for the counters of all campaigns of the table, some at a time. */
final class SampleRequests {

    private final long cut;
    private final int most;
    private final Consumer<SampleRequest> out;
    private List<String> campaignIds = new ArrayList<>();
    private List<Long> dates = new ArrayList<>();

    SampleRequests(long cut, int most, Consumer<SampleRequest> out) {
        this.cut = cut;
        this.most = most;
        this.out = out;
    }

    void of(Collection<CampaignAccount> accounts, long latenessMillis) {
        for (CampaignAccount account : accounts) {
            if (account.campaign == null) {
                continue;
            }
            for (long date : account.datesAt(cut, latenessMillis)) {
                campaignIds.add(account.campaignId);
                dates.add(date);
                if (dates.size() == most) {
                    send();
                }
            }
        }
        if (!dates.isEmpty()) {
            send();
        }
    }

    private void send() {
        out.accept(new SampleRequest(cut, campaignIds, dates));
        campaignIds = new ArrayList<>();
        dates = new ArrayList<>();
    }
}
