// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

/** A log that keeps nothing, for runtimes without a directory. */
final class DiscardingLog implements RecordLog {
    private long next;

    @Override
    public long nextSequence() {
        return next;
    }

    @Override
    public void append(TrailEntry entry, long epochNanos) {
        next++;
    }

    @Override
    public void commit() {}

    @Override
    public void force() {}

    @Override
    public void close() {}
}
