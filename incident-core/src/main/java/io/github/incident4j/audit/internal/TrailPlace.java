// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether the trail's directory is still the one that was opened, and its writer's own. Where a volume is mounted over
 * it, the same names are those of another trail's files. Where files have no keys, that is not noticed.
 */
final class TrailPlace implements Ownership {
    private final Path trail;
    private final Ownership ownership;
    private @Nullable Object key;

    /** Of a trail that is about to be opened. */
    TrailPlace(Path trail, Ownership ownership) throws IOException {
        this.trail = trail;
        this.ownership = ownership;
        this.key = made();
    }

    @Override
    public synchronized void check() throws IOException {
        ownership.check();
        Object present;
        try {
            present = keyOf(trail);
        } catch (NoSuchFileException e) { // somebody has removed it: what is made anew is ours
            key = made();
            return;
        }
        if (!Objects.equals(present, key) && !new TrailFiles(trail).segments().isEmpty()) {
            throw new IOException("another directory lies in the place of " + trail + ", as where a volume is mounted"
                    + " late: nothing is written to that; start the service again to go on with it, or put back the one"
                    + " that was opened");
        }
        key = present; // what has no records is no trail: nothing can be lost by going on there
    }

    private @Nullable Object made() throws IOException {
        DurableFiles.createDirectories(trail);
        return keyOf(trail);
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }
}
