// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import java.util.Optional;

/**
 * The result of re-reading a whole trail.
 *
 * @param records how many records stand in the intact part, counted from the start
 * @param fault where and why the intact part ends before the files do; empty if all of it is intact
 */
public record Verification(long records, Optional<String> fault) {
    /** {@return whether every record is there, unchanged and in its place} */
    public boolean intact() {
        return fault.isEmpty();
    }
}
