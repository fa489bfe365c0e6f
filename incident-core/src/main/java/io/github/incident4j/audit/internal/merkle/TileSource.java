// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import java.io.IOException;

/** Where the tiles of a tree are read from. */
@FunctionalInterface
public interface TileSource {

    /**
     * Reads a tile.
     *
     * @param level the tile's level, 0 for the leaves
     * @param index its index within the level
     * @param width how many of its hashes are wanted, 1 to 256
     * @return the hashes, one after the other
     * @throws IOException if it is not there or cannot be read
     */
    byte[] tile(int level, long index, int width) throws IOException;
}
