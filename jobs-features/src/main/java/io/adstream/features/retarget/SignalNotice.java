package io.adstream.features.retarget;

/**
 * That a signal begins, or that a purchase has settled it.
 *
 * @param signal the signal
 * @param cancelled whether it is settled
 * @param at when that was, event time, epoch milliseconds
 */
public record SignalNotice(Signal signal, boolean cancelled, long at) {}
