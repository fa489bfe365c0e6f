// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.Arrays;

/** Offsets that come in ascending order, those of them that are still needed. */
final class Offsets {
    private static final int WORTH = 1_024;

    private int[] offsets = new int[8];
    private int count;

    void add(int offset) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        offsets[count] = offset;
        count++;
    }

    /** Forgets those before an offset, once it is worth the move. */
    void forget(int before) {
        if (count < WORTH || offsets[count / 2] >= before) {
            return;
        }
        int found = Arrays.binarySearch(offsets, 0, count, before);
        int gone = found < 0 ? -found - 1 : found;
        count -= gone;
        System.arraycopy(offsets, gone, offsets, 0, count);
    }

    /** Whether the first one from an offset on comes before another. */
    boolean isFirstBefore(int from, int before) {
        int found = Arrays.binarySearch(offsets, 0, count, from);
        int first = found < 0 ? -found - 1 : found;
        return first < count && offsets[first] < before;
    }
}
