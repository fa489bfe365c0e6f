// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.AuditSigner;
import io.github.incident4j.audit.internal.merkle.Ed25519Signer;
import io.github.incident4j.audit.internal.merkle.NoteException;
import io.github.incident4j.audit.internal.merkle.NoteSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key that signs checkpoints where the host has named no other: a file beside the trail. */
public final class TrailKey implements AuditSigner {
    private static final Logger LOG = LoggerFactory.getLogger(TrailKey.class);

    private final NoteSigner signer;

    private TrailKey(NoteSigner signer) {
        this.signer = signer;
    }

    /**
     * Reads the key, or makes one where there is none.
     *
     * @param file the file; one line in the form of Go's note package
     * @return the key
     * @throws IOException if the file cannot be read or written, or holds no key
     */
    public static TrailKey in(Path file) throws IOException {
        if (!Files.exists(file)) {
            NoteSigner made = NoteSigner.generate("incident4j.local/" + UUID.randomUUID());
            write(file, made.toText() + "\n");
            LOG.info(
                    "a key for the audit trail's checkpoints was made: {}. Keep it, and give its public half to whoever"
                            + " will verify the trail: {}",
                    file,
                    made.verifier().toText());
        }
        try {
            return new TrailKey(NoteSigner.parse(Files.readString(file).strip()));
        } catch (NoteException e) {
            throw new IOException(
                    "the file " + file + " holds no key for the audit trail; put the right one there, or"
                            + " move it away to have a new one made",
                    e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        DurableFiles.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the keys that checkpoints are verified with, one a line. */
    static void publish(List<AuditSigner> signers, Path file) throws IOException {
        String keys = signers.stream()
                .map(signer -> noteSigner(signer).verifier().toText())
                .collect(Collectors.joining("\n", "", "\n"));
        DurableFiles.replace(file, keys.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads these keys, or what is left of them. */
    static List<String> published(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    /** The signer as the note package wants it. */
    static NoteSigner noteSigner(AuditSigner signer) {
        return NoteSigner.of(signer.name(), new Ed25519Signer() {
            @Override
            public byte[] sign(byte[] message) throws IOException {
                return signer.sign(message);
            }

            @Override
            public byte[] publicKey() {
                return signer.publicKey();
            }
        });
    }

    @Override
    public String name() {
        return signer.verifier().name();
    }

    @Override
    public byte[] publicKey() {
        return signer.key().publicKey();
    }

    @Override
    public byte[] sign(byte[] message) throws IOException {
        return signer.key().sign(message);
    }
}
