// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.TrailRecord;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads on in a trail that grows. Holds no file open meanwhile. Used by one thread. */
public final class TrailTail {
    private final TrailFiles files;
    private Wanted wanted;
    private RecordWalk.@Nullable Position last;

    TrailTail(TrailFiles files, Wanted wanted) {
        this.files = files;
        this.wanted = wanted.forwards();
    }

    /**
     * Reads what has come since the last time.
     *
     * @param to takes the records, and perhaps some more
     * @throws IOException if a file cannot be read; what was given is given again the next time
     */
    public void read(Consumer<? super TrailRecord> to) throws IOException {
        try (RecordWalk walk = RecordWalk.behind(files, wanted, last)) {
            walk.forEachRemaining(to);
            last = walk.last();
            wanted = last == null ? wanted : wanted.behind(last.sequence());
        }
    }

    /** {@return where the last line begins that was looked at, in its file} */
    long offset() {
        return last == null ? 0 : last.offset();
    }
}
