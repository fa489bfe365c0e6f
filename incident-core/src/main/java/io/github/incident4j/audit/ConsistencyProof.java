// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import io.github.incident4j.audit.internal.ProofFile;
import java.util.List;

/**
 * Proves that a trail only grew between two checkpoints: nothing that the earlier one attests was changed or removed.
 *
 * @param earlier the earlier signed checkpoint
 * @param later the later signed checkpoint
 * @param hashes the hashes of the consistency proof (RFC 6962, section 2.1.2), in hex
 */
public record ConsistencyProof(String earlier, String later, List<String> hashes) {

    /**
     * Copies the list.
     *
     * @param earlier the earlier checkpoint
     * @param later the later checkpoint
     * @param hashes the hashes of the proof
     */
    public ConsistencyProof {
        hashes = List.copyOf(hashes);
    }

    /**
     * Checks the proof.
     *
     * @param verifierKeys the keys that may have signed
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
    public static ConsistencyProof parse(String json) {
        return ProofFile.readConsistency(json);
    }
}
