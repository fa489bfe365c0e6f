// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.TrailRecord;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads on in a trail that grows. Holds no file open meanwhile. Used by one thread. */
public final class TrailTail {
    private final TrailFiles files;
    private final Consumer<? super String> damage;
    private Wanted wanted;
    private RecordWalk.@Nullable Position last;
    private boolean looked;

    TrailTail(TrailFiles files, Wanted wanted, Consumer<? super String> damage) {
        this.files = files;
        this.damage = damage;
        this.wanted = wanted.forwards();
    }

    /**
     * Reads what has come since the last time, as far as the last checkpoint attests it: what is behind that may not be
     * on the disk yet, and so never come to be.
     *
     * @param to takes the records, and perhaps some more
     * @throws IOException if a file cannot be read; what was given is given again the next time
     */
    public void read(Consumer<? super TrailRecord> to) throws IOException {
        long attested = TrailReader.attested(files);
        long read = last == null ? 0 : last.sequence() + 1;
        if (attested > 0 && attested < read) {
            throw new IOException("the checkpoint attests " + attested + " records, fewer than the " + read
                    + " that were read: an older trail was put back. verify with a checkpoint that was kept elsewhere"
                    + " says more; who wants the other records, too, begins anew behind the last one that is the same");
        }
        if (!looked && attested > 0 && attested <= wanted.after()) {
            damage.accept("the checkpoint attests " + attested + " records, fewer than the " + (wanted.after() + 1)
                    + " behind which reading is to begin, so nothing comes before it attests more; unless these were"
                    + " recorded just now, an older trail was put back, and verify says more");
        }
        looked |= attested > 0;
        if (attested <= read) {
            return;
        }
        try (RecordWalk walk = RecordWalk.behind(files, wanted, damage, last, attested)) {
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
