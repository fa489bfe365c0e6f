// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.time.Instant;

/** The system's clocks. */
enum SystemTime implements TimeSource {
    INSTANCE;

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
