// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.Arrays;

/** Offsets that come in ascending order, the last ones of them. */
final class Offsets {
    private static final int MOST = 1 << 15;

    private int[] offsets = new int[8];
    private int count;

    void add(int offset) {
        if (count == MOST) {
            count /= 2; // the others are behind everything that may still be found
            System.arraycopy(offsets, count, offsets, 0, count);
        }
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        offsets[count] = offset;
        count++;
    }

    /** Whether the first one from an offset on comes before another. */
    boolean isFirstBefore(int from, int before) {
        int found = Arrays.binarySearch(offsets, 0, count, from);
        int first = found < 0 ? -found - 1 : found;
        return first < count && offsets[first] < before;
    }
}
