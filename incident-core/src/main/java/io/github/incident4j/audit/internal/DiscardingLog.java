// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A log that keeps nothing, for runtimes without a directory. */
final class DiscardingLog implements RecordLog {
    @Override
    public boolean append(TrailEntry entry, long epochNanos) {
        return true;
    }

    @Override
    public void spill() {}

    @Override
    public void commit() {}

    @Override
    public void force() {}

    @Override
    public long forcedRecords() {
        return 0;
    }

    @Override
    public int unforced() {
        return 0;
    }

    @Override
    public long unforcedRecords() {
        return 0;
    }

    @Override
    public void abandon() {}

    @Override
    public void giveUp() {}

    @Override
    public @Nullable IOException shortage() {
        return null;
    }

    @Override
    public void resume() {}

    @Override
    public Erasing.Result erase(Erasing erasing) throws IOException {
        throw new IOException("nothing is kept, so nothing can be erased");
    }

    @Override
    public void rollIfOld(long epochNanos) {}

    @Override
    public void attest(boolean now) {}

    @Override
    public void close() {}
}
