// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.seal.SubjectSecret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of the subjects of one segment: lines of one length, so that each can be overwritten where it lies.
 *
 * <pre>
 * &lt;tag, 32 hex&gt; &lt;secret, 64 hex&gt; &lt;CRC-32C of what precedes it, 8 hex&gt;     one that lives
 * ------…                                                               one that was destroyed
 * ??????…                                                               one that is gone with its file
 * </pre>
 */
final class SecretFile {
    static final int LINE = 107;

    private static final byte DESTROYED = '-';
    private static final byte LOST = '?';
    private static final int ID = 16; // in hex
    private static final int TAG = 32; // in hex
    private static final int BODY = TAG + 1 + 2 * SubjectSecret.SIZE;
    private static final HexFormat HEX = HexFormat.of();

    private SecretFile() {}

    /** What became of a secret. */
    enum Kind {
        LIVING,
        /** Erased. */
        DESTROYED,
        /** Erased by half: a crash came in between, and the other half still says something. */
        TORN,
        /** Gone with its file; the number is not given again. */
        LOST,
        UNREADABLE;

        boolean isErased() {
            return this == DESTROYED || this == TORN;
        }
    }

    /**
     * One line.
     *
     * @param kind what became of the secret
     * @param tag the subject's tag; empty unless it lives
     * @param secret the secret; null unless it lives
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by its content where it is compared
    record Line(Kind kind, byte[] tag, @Nullable SubjectSecret secret) {
        static Line living(byte[] tag, SubjectSecret secret) {
            return new Line(Kind.LIVING, tag, secret);
        }

        static Line without(Kind kind) {
            return new Line(kind, new byte[0], null);
        }

        byte[] toBytes() {
            byte[] line = new byte[LINE];
            SubjectSecret present = secret;
            if (present == null) {
                Arrays.fill(line, kind == Kind.DESTROYED ? DESTROYED : LOST);
            } else {
                String body = HEX.formatHex(tag) + ' ' + HEX.formatHex(present.bytes());
                String whole = body + ' ' + HEX.toHexDigits(crc(body.getBytes(StandardCharsets.US_ASCII), 0));
                System.arraycopy(whole.getBytes(StandardCharsets.US_ASCII), 0, line, 0, LINE - 1);
            }
            line[LINE - 1] = '\n';
            return line;
        }
    }

    /** Reads all lines; none if there is no such file. What lies behind the last whole line is padding or torn. */
    static List<Line> read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        List<Line> lines = new ArrayList<>();
        for (int at = 0; at + LINE <= bytes.length && bytes[at] != '\n'; at += LINE) {
            lines.add(parse(bytes, at));
        }
        return lines;
    }

    private static Line parse(byte[] bytes, int at) {
        int dashes = 0; // a living secret has none, and no rotten bit makes one of what it has
        int lost = 0;
        for (int i = at; i < at + LINE - 1; i++) {
            dashes += bytes[i] == DESTROYED ? 1 : 0;
            lost += bytes[i] == LOST ? 1 : 0;
        }
        if (dashes > 0) {
            return Line.without(dashes == LINE - 1 ? Kind.DESTROYED : Kind.TORN);
        }
        if (lost == LINE - 1) {
            return Line.without(Kind.LOST);
        }
        String line = new String(bytes, at, LINE - 1, StandardCharsets.US_ASCII);
        try {
            if (HexFormat.fromHexDigits(line, BODY + 1, LINE - 1) == crc(bytes, at)) {
                return Line.living(HEX.parseHex(line, 0, TAG), new SubjectSecret(HEX.parseHex(line, TAG + 1, BODY)));
            }
        } catch (IllegalArgumentException e) {
            return Line.without(Kind.UNREADABLE);
        }
        return Line.without(Kind.UNREADABLE);
    }

    private static int crc(byte[] bytes, int at) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, BODY);
        return (int) crc.getValue();
    }

    /**
     * What the trail calls a secret that is about to be destroyed: a digest under the secret itself, so that it tells
     * nothing afterwards, and another one in each file.
     */
    static String idOf(Path file, SubjectSecret secret) {
        return secret.digest("\0erasing " + TrailFiles.nameOf(file)).substring(0, ID);
    }

    /** What the trail calls the secrets with one of some tags that a file has. */
    static List<String> find(Path file, List<byte[]> tags) throws IOException {
        List<String> ids = new ArrayList<>();
        for (Line line : read(file)) {
            SubjectSecret secret = line.secret();
            if (secret != null && TagKeys.contain(tags, line.tag())) {
                ids.add(idOf(file, secret));
            }
        }
        return ids;
    }

    /**
     * Destroys the secrets with one of some tags of which the trail has told, durably, in a file that is not written
     * any more. Lines that were destroyed before are overwritten again: where that could not be forced, the disk may
     * still have the secret that the page cache has lost, and a crash may have left half a secret.
     *
     * @return what the trail calls them
     */
    static List<String> destroy(Path file, List<byte[]> tags, Set<String> told) throws IOException {
        List<Line> lines = read(file);
        List<String> destroyed = new ArrayList<>();
        boolean written = false;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < lines.size(); i++) {
                SubjectSecret secret = lines.get(i).secret();
                String id = secret != null && TagKeys.contain(tags, lines.get(i).tag()) ? idOf(file, secret) : "";
                boolean wanted = told.contains(id);
                if (wanted || lines.get(i).kind().isErased()) {
                    overwrite(channel, i, Kind.DESTROYED);
                    written = true;
                    if (wanted) {
                        destroyed.add(id);
                    }
                }
            }
            if (written) {
                channel.force(true);
            }
        } catch (NoSuchFileException e) {
            return List.of(); // retention has dropped it
        }
        return destroyed;
    }

    /**
     * Overwrites some lines of a file, durably, as if they had gone with it: no erasure is on record. What lies behind
     * the end goes, too: it is reserve, or torn.
     */
    static void forget(Path file, BitSet lines, int end) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = lines.nextSetBit(0); i >= 0; i = lines.nextSetBit(i + 1)) {
                overwrite(channel, i, Kind.LOST);
            }
            channel.truncate((long) end * LINE);
            channel.force(true);
        }
    }

    private static void overwrite(FileChannel channel, int line, Kind kind) throws IOException {
        channel.position((long) line * LINE);
        DurableFiles.writeFully(channel, ByteBuffer.wrap(Line.without(kind).toBytes()));
    }
}
