package io.adstream.common.event;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The JSON text of one record, from a complete one by changing fields. Values are raw JSON. */
final class RecordText {

    private final Map<String, String> members = new LinkedHashMap<>();

    private RecordText() {}

    static RecordText click() {
        return new RecordText()
                .with("event_id", "\"5e0c\"")
                .with("event_type", "\"CLICK\"")
                .with("event_time", "\"2026-11-20T10:00:00.123Z\"")
                .with("ad_id", "\"ad-1\"")
                .with("campaign_id", "\"cmp-1\"")
                .with("advertiser_id", "\"adv-1\"")
                .with("user_id", "\"u-1\"")
                .with("device_id", "\"d-1\"")
                .with("session_id", "\"s-1\"")
                .with("ip", "\"203.0.113.9\"")
                .with("category", "\"shoes\"")
                .with("actual_price", "0.25")
                .with("conversion_value", "null");
    }

    static RecordText conversion() {
        return click().with("event_type", "\"CONVERSION\"").with("conversion_value", "12.5");
    }

    static RecordText view() {
        return new RecordText()
                .with("event_time", "\"2026-11-20T10:00:00\"")
                .with("event_type", "\"view\"")
                .with("user_id", "\"111\"")
                .with("price", "29.99");
    }

    /** Sets a member, at its place or at the end. */
    RecordText with(String name, String json) {
        members.put(name, json);
        return this;
    }

    RecordText without(String name) {
        members.remove(name);
        return this;
    }

    /** Writes a member under a name that is escaped, or otherwise written differently. */
    RecordText rename(String name, String written) {
        Map<String, String> old = new LinkedHashMap<>(members);
        members.clear();
        old.forEach((key, json) -> members.put(key.equals(name) ? written : key, json));
        return this;
    }

    RecordText reversed() {
        RecordText reversed = new RecordText();
        Object[] names = members.keySet().toArray();
        for (int i = names.length - 1; i >= 0; i--) {
            reversed.with((String) names[i], members.get(names[i]));
        }
        return reversed;
    }

    byte[] bytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return members.entrySet().stream()
                .map(member -> '"' + member.getKey() + "\":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
