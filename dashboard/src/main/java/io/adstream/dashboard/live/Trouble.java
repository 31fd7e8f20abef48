package io.adstream.dashboard.live;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why what is shown is not the newest.
 *
 * @param reason for people
 * @param since since when; null where it is found now
 */
public record Trouble(String reason, @Nullable Instant since) {}
