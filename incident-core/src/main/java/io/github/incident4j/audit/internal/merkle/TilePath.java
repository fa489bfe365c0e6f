// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import java.util.Locale;

/**
 * Paths of tiles as C2SP tlog-tiles lays them out: {@code tile/0/x001/234} for the full tile 1234 of level 0,
 * {@code tile/0/x001/234.p/5} for its first five hashes.
 */
public final class TilePath {
    private static final int FULL = 256;
    private static final int GROUP = 1_000;

    private TilePath() {}

    /**
     * The path of a tile.
     *
     * @param level its level, 0 to 63
     * @param index its index within the level
     * @param width how many hashes it has, 1 to 256
     * @return the path, relative to the log's root, with slashes
     * @throws IllegalArgumentException if one of them is out of range
     */
    public static String of(int level, long index, int width) {
        if (level < 0 || level > 63 || index < 0 || width < 1 || width > FULL) {
            throw new IllegalArgumentException(
                    "there is no tile of level " + level + ", index " + index + " and width " + width);
        }
        StringBuilder number = new StringBuilder(digits(index % GROUP));
        for (long rest = index / GROUP; rest > 0; rest /= GROUP) {
            number.insert(0, "x" + digits(rest % GROUP) + "/");
        }
        return "tile/" + level + "/" + number + (width == FULL ? "" : ".p/" + width);
    }

    private static String digits(long number) {
        return String.format(Locale.ROOT, "%03d", number);
    }
}
