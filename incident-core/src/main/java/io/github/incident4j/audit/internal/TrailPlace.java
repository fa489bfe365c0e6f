// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Whether what lies in the place of the trail is still what was opened, and its writer's own. Where a volume is mounted
 * over it, or a copy is put there, the same names are those of another trail's files. So each opening leaves a random
 * mark of its own: a mark is the same after the volume was mounted anew, when the keys of its files may be others.
 */
final class TrailPlace implements Ownership {
    private static final int MARK = 16;

    private final TrailFiles files;
    private final Ownership ownership;
    private final byte[] mark;

    /** Marks a trail that is about to be opened. */
    TrailPlace(TrailFiles files, Ownership ownership) throws IOException {
        this.files = files;
        this.ownership = ownership;
        byte[] random = new byte[MARK];
        new SecureRandom().nextBytes(random);
        this.mark = (HexFormat.of().formatHex(random) + '\n').getBytes(StandardCharsets.US_ASCII);
        mark();
    }

    @Override
    public void check() throws IOException {
        ownership.check();
        require();
    }

    /**
     * Looks for the mark; before anything is written by its name. What has no records is no trail: nothing can be lost
     * by going on there.
     *
     * @throws IOException if another trail lies there
     */
    void require() throws IOException {
        if (!isMarked() && !files.segments().isEmpty()) {
            throw new IOException(
                    "another trail lies in the place of the one that was opened, as where a volume is"
                            + " mounted late: " + files.opened()
                            + " is not what this run has written there. Nothing is written"
                            + " to that trail; put back the one that was opened, or start the service again to go on with this one");
        }
    }

    /** Marks a place without records, where the trail is about to go on. */
    void take() throws IOException {
        require();
        if (!isMarked()) {
            mark();
        }
    }

    private boolean isMarked() throws IOException {
        try {
            return Arrays.equals(mark, Files.readAllBytes(files.opened()));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void mark() throws IOException {
        Path file = files.opened();
        DurableFiles.createDirectories(DurableFiles.parentOf(file));
        DurableFiles.replace(file, mark);
    }
}
