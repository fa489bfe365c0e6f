// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

/** The characters of a text that are still needed, and how many code points came before them. */
final class Original {
    private final StringBuilder kept = new StringBuilder();
    private int base;
    private int counted; // the offset up to which code points are counted
    private int codePoints;

    void append(String piece) {
        kept.append(piece);
    }

    int end() {
        return base + kept.length();
    }

    char charAt(int offset) {
        return kept.charAt(offset - base);
    }

    String slice(int from, int to) {
        return kept.substring(from - base, to - base);
    }

    void copy(int from, int to, StringBuilder out) {
        out.append(kept, from - base, to - base);
    }

    int codePointsBetween(int from, int to) {
        return kept.codePointCount(from - base, to - base);
    }

    /** How many code points stand before an offset, which is no smaller than the one before. */
    int codePointsBefore(int offset) {
        codePoints += codePointsBetween(counted, offset);
        counted = offset;
        return codePoints;
    }

    /** Forgets what stands before an offset, once that is worth the move. */
    void forget(int before) {
        int gone = before - base;
        if (gone > 1_024 && gone > kept.length() / 2) {
            codePointsBefore(Math.max(counted, before));
            kept.delete(0, gone);
            base = before;
        }
    }
}
