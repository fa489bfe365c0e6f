// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A text with the signatures of those who stand for it (C2SP signed-note, which is Go's {@code sumdb/note}).
 *
 * @param text what was signed, with its last newline
 * @param signedBy the names of the known keys whose signatures hold, one at least
 */
public record SignedNote(String text, List<String> signedBy) {
    private static final String SIGNATURE_START = "\u2014 ";
    private static final int MAX_SIGNATURES = 100;
    private static final int MAX_LENGTH = 1_000_000;

    /** Copies the list. */
    public SignedNote {
        signedBy = List.copyOf(signedBy);
    }

    /**
     * Signs a text.
     *
     * @param text the text, which ends with a newline
     * @param signers who signs, in that order
     * @return the note
     * @throws NoteException if the text is no text of a note
     * @throws IOException if a key cannot be reached
     */
    public static String sign(String text, List<NoteSigner> signers) throws IOException {
        if (!text.endsWith("\n") || text.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
            throw new NoteException("the text of a note ends with a newline and has no control characters");
        }
        StringBuilder note = new StringBuilder(text).append('\n');
        for (NoteSigner signer : signers) {
            note.append(signer.signatureLine(text));
        }
        return note.toString();
    }

    /**
     * Opens a note.
     *
     * @param note the note
     * @param known whose signatures are known
     * @return the note's text and who has signed it
     * @throws NoteException if it is malformed, a signature of a known key is wrong, or none is of a known key
     */
    public static SignedNote parse(String note, List<NoteVerifier> known) {
        int split = note.lastIndexOf("\n\n");
        if (note.length() > MAX_LENGTH
                || split < 0
                || !note.endsWith("\n")
                || note.codePoints().anyMatch(c -> (c < 0x20 && c != '\n') || (c >= 0xD800 && c <= 0xDFFF))) {
            throw malformed();
        }
        String text = note.substring(0, split + 1);
        String[] lines = note.substring(split + 2).split("\n", -1);
        if (lines.length < 2 || lines.length > MAX_SIGNATURES + 1) {
            throw malformed();
        }
        Set<String> seen = new HashSet<>();
        List<String> signedBy = new ArrayList<>();
        for (String line : Arrays.asList(lines).subList(0, lines.length - 1)) {
            String[] parts = line.startsWith(SIGNATURE_START)
                    ? line.substring(SIGNATURE_START.length()).split(" ", -1)
                    : new String[0];
            byte[] bytes = parts.length == 2 ? NoteVerifier.decoded(parts[1]) : new byte[0];
            if (bytes.length < Integer.BYTES + 1 || !NoteVerifier.isName(parts[0])) {
                throw malformed();
            }
            int hash = ByteBuffer.wrap(bytes).getInt();
            for (NoteVerifier verifier : known) {
                if (verifier.name().equals(parts[0]) && verifier.hash() == hash && seen.add(parts[0] + " " + hash)) {
                    byte[] signature = Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length);
                    if (!verifier.verify(text.getBytes(StandardCharsets.UTF_8), signature)) {
                        throw new NoteException("the signature of '" + parts[0] + "' is wrong");
                    }
                    signedBy.add(parts[0]);
                }
            }
        }
        if (signedBy.isEmpty()) {
            throw new NoteException("no known key has signed it");
        }
        return new SignedNote(text, signedBy);
    }

    private static NoteException malformed() {
        return new NoteException("it is no signed note");
    }
}
