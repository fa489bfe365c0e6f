// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.seal.SealException;
import io.github.incident4j.audit.internal.seal.Sealer;
import io.github.incident4j.audit.internal.seal.SubjectSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether secrets are those with which a segment's side records were sealed. Where another trail lay in the place of
 * this one, be it for one start, there are its secrets under the same name, and the right ones were set aside.
 */
enum Belonging {
    /** They open a side record. */
    RIGHT,
    /** They open none, although they name some. */
    WRONG,
    /** Nothing tells: none that lives has a side record here. */
    UNKNOWN;

    private static final Logger LOG = LoggerFactory.getLogger(Belonging.class);

    /** Looks for a side record that a secret opens. */
    static Belonging of(TrailFiles files, Path segment, List<SecretFile.Line> secrets) throws IOException {
        LineFormat format = new LineFormat();
        Sealer sealer = new Sealer();
        Belonging found = UNKNOWN;
        try (Lines lines = new Lines(files.side(segment));
                Commitments log = new Commitments(files, segment)) {
            while (lines.next()) {
                SideLine line = SideLine.whole(lines, format, Long.MAX_VALUE);
                if (line == null || line.key() >= secrets.size()) {
                    continue;
                }
                SubjectSecret secret = secrets.get(line.key()).secret();
                long sequence = LineFormat.sequenceOf(lines.array(), lines.start(), lines.length());
                String commitment = secret == null ? null : log.of(sequence);
                if (secret != null && commitment != null) {
                    if (opens(sealer, secret, commitment, line)) {
                        return RIGHT;
                    }
                    found = WRONG;
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} has no side records, or is not here", segment);
        }
        return found;
    }

    private static boolean opens(Sealer sealer, SubjectSecret secret, String commitment, SideLine line) {
        try {
            sealer.open(secret, HexFormat.of().parseHex(commitment), line.sealed());
            return true;
        } catch (SealException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Gives secrets that were set aside their names again where they open what those in their place do not: the right
     * trail is back. Behind these come files of which everybody is erased, so that nothing opens. A process that ends
     * in the midst leaves both aside, and the next opening goes on with that.
     */
    static void putBack(TrailFiles files) throws IOException {
        for (Path aside : files.secretsSetAside()) {
            if (opensMore(files, files.segmentOf(aside), SecretFile.read(aside))) {
                putBack(files, aside);
            }
        }
        for (Path aside : files.secretsSetAside()) {
            if (tellsMore(files, files.segmentOf(aside), SecretFile.read(aside))) {
                putBack(files, aside);
            }
        }
    }

    private static boolean opensMore(TrailFiles files, Path segment, List<SecretFile.Line> aside) throws IOException {
        List<SecretFile.Line> present = SecretFile.read(files.secrets(segment));
        return of(files, segment, present) != RIGHT && of(files, segment, unlessErased(aside, present)) == RIGHT;
    }

    /** Whether it tells what became of the secret of each side record, and what is in its place does not. */
    private static boolean tellsMore(TrailFiles files, Path segment, List<SecretFile.Line> aside) throws IOException {
        Path side = files.side(segment);
        if (!Files.exists(segment) || !Files.exists(side)) {
            return false;
        }
        List<SecretFile.Line> present = SecretFile.read(files.secrets(segment));
        Belonging there = of(files, segment, present);
        if (there == RIGHT || of(files, segment, aside) != UNKNOWN) { // the first one ends at the first that opens
            return false;
        }
        SideEnd told = SideEnd.of(side, aside, Long.MAX_VALUE);
        if (told.last() < 0 || told.unreadable() > 0) {
            return false;
        }
        return there == WRONG
                || (there == UNKNOWN
                        && SideEnd.of(side, present, Long.MAX_VALUE).unreadable() > 0);
    }

    private static void putBack(TrailFiles files, Path aside) throws IOException {
        Path segment = files.segmentOf(aside);
        Path place = files.secrets(segment);
        if (Files.exists(place)) {
            LOG.warn("the secrets in {} are another trail's; they are kept as {}", place, DurableFiles.setAside(place));
        }
        Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.forceDirectory(DurableFiles.parentOf(place));
        LOG.warn("the secrets of {}, which were set aside, are back as {}", segment, place);
    }

    /** What was destroyed in one copy must not come back with another one. */
    private static List<SecretFile.Line> unlessErased(List<SecretFile.Line> copy, List<SecretFile.Line> present) {
        List<SecretFile.Line> left = new ArrayList<>(copy);
        for (int i = 0; i < Math.min(copy.size(), present.size()); i++) {
            if (present.get(i).kind().isErased()) {
                left.set(i, present.get(i));
            }
        }
        return left;
    }
}
