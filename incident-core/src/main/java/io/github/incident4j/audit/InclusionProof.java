// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import io.github.incident4j.audit.internal.ProofFile;
import java.util.List;
import java.util.Optional;

/**
 * Proves to somebody who has nothing else that a record stands in a trail: the record, the hashes from it to the root,
 * and the signed checkpoint over the root. It shows no other record.
 *
 * <p>A record that is too long for a line of the log stands there by its digest; the proof carries the whole record
 * beside that line, and {@link #check} compares the two. Where the whole record was lost, the proof is of the line
 * alone.
 *
 * @param sequence the record's place in the trail
 * @param record the record's line
 * @param aside the whole record, where the line has only its digest
 * @param hashes the hashes of the inclusion proof (RFC 6962, section 2.1.1), in hex, from the leaf up
 * @param checkpoint the signed checkpoint
 */
public record InclusionProof(
        long sequence, String record, Optional<String> aside, List<String> hashes, String checkpoint) {

    /**
     * Copies the list.
     *
     * @param sequence the record's place
     * @param record the record's line
     * @param aside the whole record, where the line has only its digest
     * @param hashes the hashes of the proof
     * @param checkpoint the signed checkpoint
     */
    public InclusionProof {
        hashes = List.copyOf(hashes);
    }

    /**
     * Checks the proof.
     *
     * @param verifierKeys the keys that may have signed, as {@code trail/verifier.pub} holds them; from a source that
     *     the one who checks trusts
     * @return what is wrong with it; an empty text if it holds
     */
    public String check(List<String> verifierKeys) {
        return ProofFile.check(this, verifierKeys);
    }

    /** {@return the proof as a JSON text, for a file} */
    public String toJson() {
        return ProofFile.write(this);
    }

    /**
     * Reads a proof.
     *
     * @param json the text of the file
     * @return the proof
     * @throws IllegalArgumentException if it is none
     */
    public static InclusionProof parse(String json) {
        return ProofFile.readInclusion(json);
    }
}
