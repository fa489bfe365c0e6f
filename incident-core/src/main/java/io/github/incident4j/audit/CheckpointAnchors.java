// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import io.github.incident4j.audit.internal.FileAnchor;
import io.github.incident4j.audit.internal.HttpAnchor;
import io.github.incident4j.audit.internal.LogAnchor;
import io.github.incident4j.audit.internal.NoteFile;
import io.github.incident4j.model.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Ready-made anchors. An anchor is worth as much as the place behind it: who controls the service must not be able to
 * take back there what was kept. A log that is collected on another machine, and a server that only adds, are such
 * places; a file is one only if the service cannot change it afterwards, such as on a share with snapshots.
 *
 * <p>No anchor holds anything that would have to be closed: no file stays open, and no thread stays. All may be used by
 * several threads.
 */
public final class CheckpointAnchors {
    private static final int KEEP = 1_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private CheckpointAnchors() {}

    /**
     * Writes each checkpoint to a log, one line on level INFO: {@code audit checkpoint "…"}. What follows the word is
     * the note as a JSON string in ASCII, so that no layout and no character set harms it. This makes a file for
     * {@link #read} of a plain log:
     *
     * <pre>{@code grep -o 'audit checkpoint ".*"' app.log | cut -d' ' -f3- | jq -j . > checkpoints}</pre>
     *
     * <p>While the logger does not take INFO, the anchor fails, so that it is noticed.
     *
     * @param logger where the lines go; one of its own can be routed apart from the rest
     * @return the anchor
     */
    public static CheckpointAnchor log(Logger logger) {
        return new LogAnchor(logger);
    }

    /**
     * Appends each checkpoint to a file and keeps the newest 1,000 at least; see {@link #file(Path, int)}.
     *
     * @param file the file
     * @return the anchor
     * @throws ConfigurationException if the path names no file
     */
    public static CheckpointAnchor file(Path file) {
        return file(file, KEEP);
    }

    /**
     * Appends each checkpoint to a file on another disk or a mounted share: one note after another, with an empty line
     * behind each. What was appended is on the disk when that returns. {@link #read} reads the file, also while it is
     * written.
     *
     * <p>The file never holds more than twice as many notes as are to be kept: then it is replaced, by an atomic
     * rename, by one with the newest. A torn end, which a crash has left, is cut off before the next note is appended.
     * The file is made if it is not there, its folder is not, since a share that is not mounted must not be taken for
     * one that is. A file that holds something else is left alone.
     *
     * <p>Give each trail a file of its own. Nothing is touched before the first checkpoint: a place that is away does
     * not keep the service from starting.
     *
     * @param file the file
     * @param keep how many of the newest checkpoints are kept at least, 1 to 10,000
     * @return the anchor
     * @throws ConfigurationException if the path names no file, or the number is out of range
     */
    public static CheckpointAnchor file(Path file, int keep) {
        return FileAnchor.of(file, keep);
    }

    /**
     * Reads what {@link #file} has written, or any file of signed notes, such as a copy of {@code trail/checkpoint};
     * for {@link AuditTrail#verify(List, List)}. A torn last note is left out. Notes are not checked here; what is no
     * note, before or between others, comes with the note that follows it, so that verifying finds it.
     *
     * @param file the file
     * @return the notes in the order of the file, one at least
     * @throws UncheckedIOException if the file cannot be read, or holds no note
     */
    public static List<String> read(Path file) {
        try {
            List<String> notes = NoteFile.read(file).notes();
            if (notes.isEmpty()) {
                throw new IOException(
                        "the file " + file + " holds no checkpoint; name one that a checkpoint anchor has written");
            }
            return notes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends each checkpoint to a server by POST, within three seconds; see {@link #http(String, URI, Map, Duration)}.
     *
     * @param uri where it goes
     * @return the anchor
     * @throws ConfigurationException if the URI cannot be used
     */
    public static CheckpointAnchor http(URI uri) {
        return http("POST", uri, Map.of(), TIMEOUT);
    }

    /**
     * Sends each checkpoint to a server, as {@code text/plain} in UTF-8. Every answer but 2xx is a failure, also a
     * redirection, which is not followed. With PUT to one URI, the server has to keep what was there before. When a
     * connection breaks, the same note may arrive twice.
     *
     * <p>Proxies, trusted certificates and cookies are those of the JVM ({@link java.net.HttpURLConnection}). Messages
     * name the URI without its query, and no header.
     *
     * @param method POST or PUT
     * @param uri where it goes: http or https, without user and password
     * @param headers what is sent with it, such as {@code Authorization}; not those that HTTP needs itself, such as
     *     {@code Host}
     * @param timeout how long sending one checkpoint may take in all, a millisecond to a minute. Checkpoints are signed
     *     one after another, so the next one waits for it; and closing the runtime waits five seconds at most
     * @return the anchor
     * @throws ConfigurationException if any of these cannot be used; it names all faults
     */
    public static CheckpointAnchor http(String method, URI uri, Map<String, String> headers, Duration timeout) {
        return HttpAnchor.of(method, uri, headers, timeout);
    }
}
