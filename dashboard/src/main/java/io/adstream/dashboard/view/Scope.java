package io.adstream.dashboard.view;

import io.adstream.dashboard.live.BadParameterException;
import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import java.util.List;
import java.util.Locale;

/** What the metrics are of. */
enum Scope {
    WHOLE,
    ADVERTISER,
    CAMPAIGN,
    AD,
    CATEGORY;

    static final Parameter PARAMETER =
            Parameter.choice("scope", "whole", "advertiser", "campaign", "ad", "category");
    static final Parameter ID = Parameter.text("id");

    /** ISO 4217, or empty for all. */
    static final Parameter CURRENCY = Parameter.text("currency");

    static final List<Parameter> PARAMETERS = List.of(PARAMETER, ID, CURRENCY);

    static Scope of(Query query) {
        return valueOf(query.text(PARAMETER.name()).toUpperCase(Locale.ROOT));
    }

    /** Checks that what needs an id has one. */
    static void check(Query query) {
        boolean named = !query.text(ID.name()).isEmpty();
        if (of(query) == WHOLE && named) {
            throw new BadParameterException(ID.name(), "the whole has none");
        }
        if (of(query) != WHOLE && !named) {
            throw new BadParameterException(ID.name(), "has to be given with this scope");
        }
    }

    /** Whether it has rows and keys of its own. */
    boolean isEntity() {
        return this == ADVERTISER || this == CAMPAIGN || this == AD;
    }

    /** The beginning of its keys in Redis. */
    String prefix() {
        return name().toLowerCase(Locale.ROOT);
    }
}
