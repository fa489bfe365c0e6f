// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import java.util.List;
import java.util.Optional;

/**
 * The result of re-reading a whole trail.
 *
 * @param records how many records stand in the log
 * @param faults what is wrong, in the order of the records, at most 100
 * @param trust who vouches for the trail
 * @param attested how many records, from the first on, the signed checkpoint covers; those after it are checked by
 *     their checksums alone
 */
public record Verification(long records, List<String> faults, Trust trust, long attested) {

    /** Who vouches for a trail. */
    public enum Trust {
        /** Nobody: there is no checkpoint yet, or none that a known key has signed. */
        NONE,
        /**
         * The trail itself: its own key has signed, and whoever can write the directory may have replaced trail and key
         * together. Pass a verifier key, or a checkpoint, that was kept elsewhere.
         */
        SELF_ATTESTED,
        /** A key, or a checkpoint, that came from elsewhere. */
        ATTESTED
    }

    /**
     * Copies the list.
     *
     * @param records how many records there are
     * @param faults what is wrong
     * @param trust who vouches
     * @param attested how many the checkpoint covers
     */
    public Verification {
        faults = List.copyOf(faults);
    }

    /** {@return whether every record is there, unchanged and in its place} */
    public boolean intact() {
        return faults.isEmpty();
    }

    /** {@return the first fault, if there is any} */
    public Optional<String> fault() {
        return faults.stream().findFirst();
    }
}
