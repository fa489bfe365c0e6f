// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import java.util.Arrays;

/** How long the guarded calls took on this machine, by its own clock and not by the simulated one. */
final class Latencies {
    private final long[] nanos;
    private int count;

    Latencies(int capacity) {
        this.nanos = new long[capacity];
    }

    void add(long latency) {
        nanos[count++] = latency;
    }

    /** The median in microseconds from one call to before another. */
    double medianMicros(int from, int to) {
        long[] sorted = Arrays.copyOfRange(nanos, from, Math.min(to, count));
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2] / 1_000.0;
    }
}
