// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.NoteException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what lies in the place of the trail is still what was opened, and its writer's own. Where a volume is mounted
 * over it, or a copy is put there, the same names are those of another trail's files. So each opening leaves a random
 * mark of its own, and so does who goes on in an empty place: a mark is the same after the volume was mounted anew,
 * when the keys of its files may be others.
 */
final class TrailPlace implements Ownership {
    private static final Logger LOG = LoggerFactory.getLogger(TrailPlace.class);
    private static final int MARK = 16;

    private final TrailFiles files;
    private final Ownership ownership;
    private volatile Mark mark; // changed by the journal's thread, read by those that write beside it, too

    /** What this run has written, and how the file looked when it was last read and found right. */
    private static final class Mark {
        private final byte[] text;
        private volatile @Nullable Looks seen;

        Mark(byte[] text) {
            this.text = text;
        }
    }

    /**
     * What tells a file that was read from others, without opening it.
     *
     * @param key null where the platform has none
     */
    private record Looks(@Nullable Object key, FileTime modified, long size) {
        static Looks of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Looks(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        }
    }

    /** Marks a trail that is about to be opened. */
    TrailPlace(TrailFiles files, Ownership ownership) throws IOException {
        this.files = files;
        this.ownership = ownership;
        this.mark = newMark();
    }

    /** Looks for the mark. What is empty is no other trail: a volume may be away for a moment. */
    @Override
    public void check() throws IOException {
        ownership.check();
        if (!isMarked()) {
            requireEmpty();
        }
    }

    /**
     * Looks for the mark; before anything is written by its name.
     *
     * @throws OtherTrailException if another trail lies there
     * @throws IOException if none does
     */
    void require() throws IOException {
        if (!isMarked()) {
            requireEmpty();
            throw new IOException("the trail is gone from its place: " + files.opened() + " is not there");
        }
    }

    /** Opens files where the trail is marked before and behind that: what comes in between is not written over. */
    SegmentChannel.Opener guard(SegmentChannel.Opener opener) {
        return new SegmentChannel.Opener() {
            @Override
            public SegmentChannel open(Path file) throws IOException {
                require();
                SegmentChannel channel = opener.open(file);
                try {
                    require();
                } catch (IOException | RuntimeException | Error e) {
                    channel.close();
                    throw e;
                }
                return channel;
            }

            @Override
            public void forceDirectory(Path directory) throws IOException {
                opener.forceDirectory(directory);
            }
        };
    }

    /**
     * Marks a place without records, where the trail is about to go on. It gets another mark, as the one that was left
     * may come back.
     *
     * @param attested how many records the last checkpoint attests
     */
    void take(long attested) throws IOException {
        requireNewest(files, attested);
        if (isMarked()) {
            return;
        }
        requireEmpty();
        Mark next = newMark();
        requireEmpty(); // or one has come just now, and must not be known by that mark
        mark = next;
        LOG.warn(
                "the audit trail is gone from its place; it goes on in an empty {}, without the records before. Should"
                        + " these come back, start the service again",
                files.log());
    }

    /**
     * Looks at the checkpoint: a copy that was made in this run has its mark, and one that is being put there none yet.
     *
     * @throws OtherTrailException if it attests fewer records
     */
    static void requireNewest(TrailFiles files, long attested) throws IOException {
        try {
            String text = Files.readString(files.checkpoint(), StandardCharsets.ISO_8859_1);
            if (Checkpoint.parse(text.substring(0, text.indexOf("\n\n") + 1)).size() < attested) {
                throw new OtherTrailException("an older copy of this trail lies in its place: " + files.checkpoint()
                        + " attests fewer than " + attested + " records. Nothing is written to it; put the trail back"
                        + " that it replaces, or start the service again to go on with the copy");
            }
        } catch (NoSuchFileException | NoteException e) {
            LOG.debug("the last checkpoint is not there", e);
        }
    }

    private void requireEmpty() throws IOException {
        if (!files.segments().isEmpty()) {
            throw new OtherTrailException(
                    "another trail lies in the place of the one that was opened, as where a volume is"
                            + " mounted late: " + files.opened()
                            + " is not what this run has written there. Nothing is written"
                            + " to that trail; put back the one that was opened, or start the service again to go on with this one");
        }
    }

    private boolean isMarked() throws IOException {
        try {
            Mark ours = mark;
            Looks present = Looks.of(files.opened());
            if (present.key() != null && present.equals(ours.seen)) {
                return true; // without a descriptor, of which there may be none left
            }
            if (!Arrays.equals(ours.text, Files.readAllBytes(files.opened()))) {
                return false;
            }
            ours.seen = present;
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private Mark newMark() throws IOException {
        byte[] random = new byte[MARK];
        new SecureRandom().nextBytes(random);
        byte[] next = (HexFormat.of().formatHex(random) + '\n').getBytes(StandardCharsets.US_ASCII);
        Path file = files.opened();
        DurableFiles.createDirectories(DurableFiles.parentOf(file));
        DurableFiles.replace(file, next);
        return new Mark(next);
    }
}
