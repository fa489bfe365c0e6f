// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a segment of the log commits to, of records that are asked for in their order. */
final class Commitments implements Closeable {
    private final TrailFiles files;
    private final Path segment;
    private final LineFormat format = new LineFormat();
    private @Nullable Lines lines;
    private long number = -1; // of the present line, which may be the next one that is asked for

    Commitments(TrailFiles files, Path segment) {
        this.files = files;
        this.segment = segment;
    }

    /** The commitment of a record to its side record; null if it has none, or is not there. */
    @Nullable
    String of(long sequence) throws IOException {
        Lines open = lines == null ? SegmentIndex.open(files, segment, sequence) : lines;
        lines = open;
        while (number < sequence && open.next() && !open.isTorn()) {
            if (format.checksumHolds(open.array(), open.start(), open.length())) {
                number = LineFormat.sequenceOf(open.array(), open.start(), open.length());
            }
        }
        return number == sequence ? LineFormat.commitmentOf(open.array(), open.start(), open.length()) : null;
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }
}
