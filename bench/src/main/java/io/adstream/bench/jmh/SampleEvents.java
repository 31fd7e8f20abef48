package io.adstream.bench.jmh;

import io.adstream.bench.PlainTime;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.EventParser;
import io.adstream.common.event.InputEvent;
import io.adstream.local.traffic.Simulation;
import io.adstream.local.traffic.SimulationOptions;
import java.time.ZoneOffset;

/** The simulator's events, as many as do not stay in a cache. */
final class SampleEvents {

    static final int COUNT = 4096;

    private SampleEvents() {}

    /** Values of valid records, their times as UTC text. */
    static byte[][] values() {
        Simulation simulation =
                new Simulation(
                        SimulationOptions.builder()
                                .clean()
                                .commerceShare(0)
                                .rate(10_000)
                                .ads(10_000)
                                .build());
        byte[][] values = new byte[COUNT][];
        for (int i = 0; i < COUNT; i++) {
            values[i] = PlainTime.of(simulation.next());
        }
        return values;
    }

    /** The same, parsed. */
    static InputEvent[] events() {
        EventParser parser = new EventParser(EventContract.AD_EVENTS, ZoneOffset.UTC);
        byte[][] values = values();
        InputEvent[] events = new InputEvent[COUNT];
        for (int i = 0; i < COUNT; i++) {
            events[i] = EventContract.AD_EVENTS.newEvent();
            events[i].clear();
            if (parser.parse(values[i], System.currentTimeMillis(), events[i]) != null) {
                throw new IllegalStateException(events[i].rejectMessage);
            }
        }
        return events;
    }
}
