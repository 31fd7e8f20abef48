package io.adstream.attribution.touch;

/**
 * A conversion on its own way to its result, which it gets whether clicks are found or not.
 *
 * @param conversionId its {@code event_id}
 * @param time its event time, epoch milliseconds
 * @param value its {@code conversion_value}, micros; 0 where absent
 * @param identified whether its session or its device can be told from others
 * @param late whether it came too late to be matched
 * @param arrival its Kafka timestamp, epoch milliseconds
 */
public record Conversion(
        String conversionId,
        long time,
        long value,
        boolean identified,
        boolean late,
        long arrival) {}
