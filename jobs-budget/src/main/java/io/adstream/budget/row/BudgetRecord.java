package io.adstream.budget.row;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.adstream.budget.account.Share;
import io.adstream.common.money.Micros;
import io.adstream.common.time.EventTimes;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Notices as JSON: {@code conf/schemas/out/budget.schema.json}. */
public final class BudgetRecord {

    private static final int SCHEMA_VERSION = 1;

    private BudgetRecord() {}

    /** The record's key. */
    public static String key(BudgetNotice notice) {
        return notice.campaignId();
    }

    /** The record as JSON. */
    public static String value(BudgetNotice notice) {
        StringBuilder json = new StringBuilder(320);
        json.append("{\"schema_version\":").append(SCHEMA_VERSION);
        text(json, "type", notice.type().name());
        json.append(",\"campaign_id\":\"");
        JsonStringEncoder.getInstance().quoteAsString(notice.campaignId(), json);
        json.append('"');
        text(json, "budget_date", LocalDate.ofEpochDay(notice.budgetDate()).toString());
        decimal(json, "daily_budget", notice.dailyBudget());
        decimal(json, "spent", notice.spent());
        Long budget = notice.dailyBudget();
        decimal(json, "usage", budget == null ? null : Share.percent(notice.spent(), budget));
        if (notice.threshold() != null) {
            json.append(",\"threshold\":").append(notice.threshold());
        }
        if (notice.reason() != null) {
            text(json, "reason", notice.reason().name());
        }
        if (notice.check() != null) {
            check(json, notice.check());
        }
        json.append(",\"seq\":").append(notice.seq());
        text(json, "at", EventTimes.format(notice.at()));
        return json.append('}').toString();
    }

    private static void check(StringBuilder json, BudgetNotice.Check check) {
        text(json, "cut", EventTimes.format(check.cut()));
        decimal(json, "counter", check.counter());
        decimal(json, "drift", check.drift());
        decimal(json, "correction", check.correction());
        decimal(json, "accuracy", check.accuracy());
    }

    private static void text(StringBuilder json, String name, String plain) {
        json.append(",\"").append(name).append("\":\"").append(plain).append('"');
    }

    private static void decimal(StringBuilder json, String name, @Nullable Long micros) {
        json.append(",\"").append(name).append("\":");
        if (micros == null) {
            json.append("null");
        } else {
            Micros.append(json, micros);
        }
    }
}
