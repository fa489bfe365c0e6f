// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.CheckpointAnchor;
import io.github.incident4j.model.ConfigurationException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps checkpoints in a file that is appended to, and now and then replaced by one with the newest. */
public final class FileAnchor implements CheckpointAnchor {
    private static final int MAX_KEEP = 10_000;

    private final Path file;
    private final int keep;
    private int count; // notes in the file
    private long size = -1; // of the file as it was left; another size means that somebody else was there, or a crash

    private FileAnchor(Path file, int keep) {
        this.file = file;
        this.keep = keep;
    }

    /**
     * Creates an anchor; nothing is touched yet.
     *
     * @param file the file
     * @param keep how many notes are kept at least
     * @return the anchor
     * @throws ConfigurationException if the path names no file, or the number is out of range
     */
    public static FileAnchor of(@Nullable Path file, int keep) {
        List<String> faults = new ArrayList<>();
        if (file == null
                || file.getFileName() == null
                || TrailFiles.nameOf(file).isEmpty()) {
            faults.add("the path '" + file + "' names no file; use one such as /mnt/audit/checkpoints");
        }
        if (keep < 1 || keep > MAX_KEEP) {
            faults.add("keeping " + keep + " checkpoints is out of range; use 1 to " + MAX_KEEP);
        }
        if (file == null || !faults.isEmpty()) {
            throw new ConfigurationException("checkpoint anchor", faults);
        }
        return new FileAnchor(file, keep);
    }

    @Override
    public synchronized void publish(String checkpoint) throws IOException {
        try {
            long found = sizeOnDisk();
            if (found == 0) {
                rewrite(List.of(checkpoint)); // so the first note is never torn: a file without one is not ours
                return;
            }
            if (found != size) {
                inspect();
            }
            size = -1; // until the append has succeeded
            Files.write(
                    file,
                    NoteFile.bytes(List.of(checkpoint)),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND,
                    StandardOpenOption.SYNC);
            count++;
            size = sizeOnDisk();
            if (count >= 2 * keep) {
                List<String> notes = NoteFile.read(file).notes();
                rewrite(notes.subList(Math.max(0, notes.size() - keep), notes.size()));
            }
        } catch (IOException e) {
            String remedy = e instanceof FileSystemException
                    ? ". Name a file in an existing folder that this process may write"
                    : "";
            throw new IOException(
                    "the file " + file + " cannot keep a checkpoint: "
                            + e.getClass().getSimpleName() + " " + e.getMessage() + remedy,
                    e);
        }
    }

    private long sizeOnDisk() throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Counts the notes that somebody else has left, and cuts off a torn end. */
    private void inspect() throws IOException {
        NoteFile content = NoteFile.read(file);
        if (content.notes().isEmpty()) {
            throw new IOException("it holds something else than checkpoints; name another file");
        }
        count = content.notes().size();
        if (!content.tail().isEmpty()) {
            rewrite(content.notes());
        }
    }

    private void rewrite(List<String> notes) throws IOException {
        byte[] content = NoteFile.bytes(notes);
        DurableFiles.replace(file, content);
        count = notes.size();
        size = content.length;
    }
}
