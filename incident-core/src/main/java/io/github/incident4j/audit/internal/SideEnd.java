// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How far a file of side records is whole.
 *
 * @param good the bytes up to the end of the last side record of a record that the log has
 * @param last that record's number; -1 if there is none
 * @param damaged how many lines before it are not whole
 * @param unreadable how many side records have no secret that could be read
 */
record SideEnd(long good, long last, long damaged, long unreadable) {
    /** Of a file that is not there. */
    static final SideEnd NONE = new SideEnd(0, -1, 0, 0);

    /**
     * Reads a file.
     *
     * @param file the side records
     * @param secrets what is known of the secrets beside them
     * @param next the number behind the log's last record
     */
    static SideEnd of(Path file, List<SecretFile.Line> secrets, long next) throws IOException {
        LineFormat format = new LineFormat();
        long good = 0;
        long last = -1;
        long bad = 0; // since the last one that is whole
        long damaged = 0;
        long unreadable = 0;
        try (Lines lines = new Lines(file)) {
            while (lines.next()) {
                SideLine whole = SideLine.whole(lines, format, next);
                if (whole == null) {
                    bad++;
                    continue;
                }
                good = lines.offset() + lines.length() + 1L;
                last = LineFormat.sequenceOf(lines.array(), lines.start(), lines.length());
                damaged += bad;
                bad = 0;
                unreadable += isReadable(whole.key(), secrets) ? 0 : 1;
            }
        }
        return new SideEnd(good, last, damaged, unreadable);
    }

    private static boolean isReadable(int key, List<SecretFile.Line> secrets) {
        return key < secrets.size()
                && switch (secrets.get(key).kind()) {
                    case LIVING, DESTROYED, TORN -> true;
                    case LOST, UNREADABLE -> false;
                };
    }
}
