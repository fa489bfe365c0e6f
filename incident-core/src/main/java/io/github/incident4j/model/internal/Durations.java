// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How durations are written for people. */
public final class Durations {
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private Durations() {}

    /**
     * A duration by the units that it has.
     *
     * @param duration the duration, or null
     * @return such as {@code 1 h 30 min}, {@code 1 day} or {@code 200 ms}; {@code null} for none
     */
    public static String text(@Nullable Duration duration) {
        if (duration == null) {
            return "null";
        }
        if (duration.isNegative()) { // the least one has no opposite
            return duration.equals(Duration.ofSeconds(Long.MIN_VALUE))
                    ? duration.toString()
                    : "-" + text(duration.negated());
        }
        List<String> parts = new ArrayList<>();
        add(parts, duration.toDays(), duration.toDays() == 1 ? "day" : "days");
        add(parts, duration.toHoursPart(), "h");
        add(parts, duration.toMinutesPart(), "min");
        add(parts, duration.toSecondsPart(), "s");
        add(parts, duration.toNanosPart() / NANOS_PER_MILLI, "ms");
        add(parts, duration.toNanosPart() % NANOS_PER_MILLI / NANOS_PER_MICRO, "µs");
        add(parts, duration.toNanosPart() % NANOS_PER_MICRO, "ns");
        return parts.isEmpty() ? "0 s" : String.join(" ", parts);
    }

    private static void add(List<String> parts, long number, String unit) {
        if (number > 0) {
            parts.add(number + " " + unit);
        }
    }
}
