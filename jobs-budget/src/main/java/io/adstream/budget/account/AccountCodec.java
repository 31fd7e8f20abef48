package io.adstream.budget.account;

import io.adstream.budget.campaign.Campaign;
import java.io.IOException;
import java.util.Map;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/**
 * An account as bytes: a version, then its fields. A later version must go on reading this one:
 * savepoints hold it.
 */
final class AccountCodec {

    private static final int VERSION = 1;

    private static final int CROSSED = 1;
    private static final int OVERRIDDEN = 2;
    private static final int CLOSED = 4;

    private final DataOutputSerializer out = new DataOutputSerializer(512);

    byte[] write(CampaignAccount account) throws IOException {
        out.clear();
        out.writeByte(VERSION);
        out.writeLong(account.seq);
        out.writeInt(account.moves);
        out.writeLong(account.pausedDate);
        out.writeLong(account.pauseSeq);
        out.writeBoolean(account.outstanding);
        writeText(account.zone());
        writeCampaign(account.campaign);
        out.writeLong(account.rate.newest);
        for (long cost : account.rate.cost) {
            out.writeLong(cost);
        }
        out.writeInt(account.days.size());
        for (BudgetDay day : account.days.values()) {
            writeDay(day);
        }
        out.writeInt(account.windows.size());
        for (SpendWindow window : account.windows.values()) {
            out.writeLong(window.start);
            out.writeLong(window.clicks);
            out.writeLong(window.cost);
        }
        out.writeInt(account.minutes.size());
        for (Map.Entry<Long, long[]> minute : account.minutes.entrySet()) {
            out.writeLong(minute.getKey());
            out.writeLong(minute.getValue()[0]);
            out.writeLong(minute.getValue()[1]);
        }
        return out.getCopyOfBuffer();
    }

    private void writeCampaign(@Nullable Campaign campaign) throws IOException {
        out.writeBoolean(campaign != null);
        if (campaign != null) {
            out.writeBoolean(campaign.dailyBudget() != null);
            out.writeLong(campaign.dailyBudget() == null ? 0 : campaign.dailyBudget());
            writeText(campaign.timeZone());
            writeText(campaign.status());
            writeText(campaign.pauseCause());
            out.writeLong(campaign.pauseSeq());
            out.writeLong(campaign.updatedAt());
        }
    }

    private void writeDay(BudgetDay day) throws IOException {
        out.writeLong(day.date);
        out.writeLong(day.clicks);
        out.writeLong(day.spent);
        out.writeByte(day.thresholds);
        out.writeByte(
                (day.crossed ? CROSSED : 0)
                        | (day.overridden ? OVERRIDDEN : 0)
                        | (day.closed ? CLOSED : 0));
        out.writeInt(day.cuts.size());
        for (Map.Entry<Long, BudgetDay.CutSpend> cut : day.cuts.entrySet()) {
            out.writeLong(cut.getKey());
            out.writeLong(cut.getValue().before);
            out.writeLong(cut.getValue().after);
            out.writeLong(cut.getValue().later);
        }
    }

    private void writeText(@Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }

    static CampaignAccount read(String campaignId, byte[] bytes) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException(
                    "State of "
                            + campaignId
                            + " has version "
                            + version
                            + ", this release reads up to "
                            + VERSION
                            + ": restore it with the release that wrote it");
        }
        CampaignAccount account = new CampaignAccount(campaignId);
        account.seq = in.readLong();
        account.moves = in.readInt();
        account.pausedDate = in.readLong();
        account.pauseSeq = in.readLong();
        account.outstanding = in.readBoolean();
        String zone = readText(in);
        account.campaign = readCampaign(campaignId, in);
        if (zone != null) {
            account.useZone(zone, Campaign.zoneOf(zone));
        }
        account.rate.newest = in.readLong();
        for (int i = 0; i < SpendRate.SLOTS; i++) {
            account.rate.cost[i] = in.readLong();
        }
        for (int left = in.readInt(); left > 0; left--) {
            BudgetDay day = readDay(in);
            account.days.put(day.date, day);
        }
        for (int left = in.readInt(); left > 0; left--) {
            SpendWindow window = new SpendWindow(in.readLong());
            window.clicks = in.readLong();
            window.cost = in.readLong();
            account.windows.put(window.start, window);
        }
        for (int left = in.readInt(); left > 0; left--) {
            account.minutes.put(in.readLong(), new long[] {in.readLong(), in.readLong()});
        }
        return account;
    }

    private static @Nullable Campaign readCampaign(String campaignId, DataInputDeserializer in)
            throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        boolean limited = in.readBoolean();
        long budget = in.readLong();
        return new Campaign(
                campaignId,
                limited ? (Long) budget : null,
                requireText(in),
                requireText(in),
                readText(in),
                in.readLong(),
                in.readLong());
    }

    private static BudgetDay readDay(DataInputDeserializer in) throws IOException {
        BudgetDay day = new BudgetDay(in.readLong());
        day.clicks = in.readLong();
        day.spent = in.readLong();
        day.thresholds = in.readByte();
        int flags = in.readByte();
        day.crossed = (flags & CROSSED) != 0;
        day.overridden = (flags & OVERRIDDEN) != 0;
        day.closed = (flags & CLOSED) != 0;
        for (int left = in.readInt(); left > 0; left--) {
            BudgetDay.CutSpend spend = new BudgetDay.CutSpend();
            day.cuts.put(in.readLong(), spend);
            spend.before = in.readLong();
            spend.after = in.readLong();
            spend.later = in.readLong();
        }
        return day;
    }

    private static String requireText(DataInputDeserializer in) throws IOException {
        String text = readText(in);
        if (text == null) {
            throw new IOException("the state of a campaign lacks a text");
        }
        return text;
    }

    private static @Nullable String readText(DataInputDeserializer in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }
}
