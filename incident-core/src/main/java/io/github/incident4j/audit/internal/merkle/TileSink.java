// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import java.io.IOException;

/** Takes the tiles of a growing tree. */
@FunctionalInterface
public interface TileSink {

    /**
     * A tile has become full.
     *
     * @param level its level, 0 for the leaves
     * @param index its index within the level
     * @param hashes its 256 hashes; the receiver's own
     * @throws IOException if it cannot be kept
     */
    void full(int level, long index, byte[] hashes) throws IOException;
}
