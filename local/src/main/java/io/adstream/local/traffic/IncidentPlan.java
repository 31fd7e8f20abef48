package io.adstream.local.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The incidents of a run: whom each scenario strikes, and when. */
final class IncidentPlan {

    private static final int FLOOD_CLICKS = 150;

    private final SimulationOptions options;
    private final Marketplace market;
    private final List<Incident> incidents = new ArrayList<>();
    private final Map<Scenario, Incident> incidentOf = new EnumMap<>(Scenario.class);

    /** Plans the scenarios of the options; the clicks of a flood become follow-ups. */
    IncidentPlan(
            SimulationOptions options, Marketplace market, Audience audience, FollowUps followUps) {
        this.options = options;
        this.market = market;
        for (Scenario scenario : Scenario.values()) {
            if (options.scenarios().contains(scenario)) {
                plan(scenario, audience, followUps);
            }
        }
    }

    /** All incidents, whether their time has come or not. */
    List<Incident> all() {
        return List.copyOf(incidents);
    }

    /** Whether the scenario strikes at that time, whomever. */
    boolean covers(Scenario scenario, long now) {
        if (incidentOf.isEmpty()) {
            return false;
        }
        Incident incident = incidentOf.get(scenario);
        return incident != null && incident.covers(now);
    }

    /** Whether the scenario strikes that entity at that time. */
    boolean targets(Scenario scenario, String entity, long now) {
        if (incidentOf.isEmpty()) {
            return false;
        }
        Incident incident = incidentOf.get(scenario);
        return incident != null && incident.covers(now) && incident.entityId().equals(entity);
    }

    private void plan(Scenario scenario, Audience audience, FollowUps followUps) {
        switch (scenario) {
            case NONE -> {}
            case CLICK_FLOOD -> planFlood(audience, followUps);
            case CTR_SPIKE -> inject(scenario, "AD", spikeTarget().id(), "CTR 15 times the usual");
            case CVR_DROP ->
                    inject(scenario, "AD", dropTarget().id(), "90 % of conversions missing");
            case BUDGET_BURST ->
                    inject(
                            scenario,
                            "CAMPAIGN",
                            market.ad(Math.min(1, market.adCount() - 1)).campaign().id(),
                            "5 times the clicks at 10 times the price");
            case QUALITY_DROP ->
                    inject(scenario, "AD", fallTarget().id(), "95 % of clicks missing");
            case TRACKING_OUTAGE -> inject(scenario, "PLATFORM", "*", "no conversions");
            case HOT_AD -> inject(scenario, "AD", market.ad(0).id(), "90 % of all impressions");
            case KEY_EXPLOSION ->
                    inject(scenario, "PLATFORM", "*", "every second impression of a new ad");
        }
    }

    private void inject(Scenario scenario, String entityType, String entityId, String note) {
        Duration length = scenario.length();
        long from = length == null ? options.start().toEpochMilli() : begin();
        long to = length == null ? Long.MAX_VALUE : from + length.toMillis();
        Incident incident =
                new Incident(scenario.commandName(), entityType, entityId, from, to, note);
        incidents.add(incident);
        incidentOf.put(scenario, incident);
    }

    /** When incidents of limited length begin, epoch milliseconds. */
    private long begin() {
        return options.start().toEpochMilli() + options.scenarioAfter().toMillis();
    }

    private void planFlood(Audience audience, FollowUps followUps) {
        Session device = audience.stranger("d-flood-1", "198.51.100.7");
        inject(
                Scenario.CLICK_FLOOD,
                "DEVICE",
                device.deviceId,
                FLOOD_CLICKS + " clicks within 50 s");
        String ip = "203.0.113.66";
        inject(
                Scenario.CLICK_FLOOD,
                "IP",
                ip,
                FLOOD_CLICKS + " clicks of as many devices within 50 s");
        Ad ad = market.ad(Math.min(2, market.adCount() - 1));
        for (int i = 0; i < FLOOD_CLICKS; i++) {
            long at = begin() + i * 330L;
            followUps.plan(FollowUp.Kind.FLOOD_CLICK, at, device, ad, FollowUp.NO_CAUSE, null);
            Session other = audience.stranger("d-flood-ip-" + i, ip);
            followUps.plan(FollowUp.Kind.FLOOD_CLICK, at, other, ad, FollowUp.NO_CAUSE, null);
        }
    }

    /** A popular ad whose CTR can grow fifteen-fold. */
    private Ad spikeTarget() {
        for (int i = 1; i < Math.min(20, market.adCount()); i++) {
            if (market.ad(i).clickRate() <= 0.05) {
                return market.ad(i);
            }
        }
        return market.ad(0);
    }

    /** The popular ad with the best click rate: its score has the furthest to fall. */
    private Ad fallTarget() {
        Ad best = market.ad(0);
        for (int i = 0; i < Math.min(10, market.adCount()); i++) {
            if (market.ad(i).clickRate() > best.clickRate()) {
                best = market.ad(i);
            }
        }
        return best;
    }

    /** The popular ad with the most conversions to lose. */
    private Ad dropTarget() {
        Ad best = market.ad(0);
        double most = 0;
        for (int i = 0; i < Math.min(10, market.adCount()); i++) {
            Ad ad = market.ad(i);
            double conversions = ad.clickRate() * ad.conversionRate() / (i + 1);
            if (conversions > most) {
                most = conversions;
                best = ad;
            }
        }
        return best;
    }
}
