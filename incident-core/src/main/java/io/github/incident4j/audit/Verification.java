// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import java.util.List;
import java.util.Optional;

/**
 * The result of re-reading a whole trail.
 *
 * @param records how many records the trail has, with those that were dropped
 * @param retired how many of them, from the first on, retention has dropped; the tree still has their hashes
 * @param faults what is wrong, in the order of the records, at most 100, and how many more there are
 * @param trust who vouches for the trail
 * @param attested how many records are covered by whoever is trusted: by a checkpoint from elsewhere if only such were
 *     given, else by the trail's own; those after it are checked by their checksums alone, and those before it that are
 *     attested no more are faults and not counted
 * @param sides what was found of the records' erasable parts
 */
public record Verification(long records, long retired, List<String> faults, Trust trust, long attested, Sides sides) {

    /**
     * What was found of the erasable parts that the records commit to. One that is damaged is a fault.
     *
     * @param opened those that were opened and are the ones that the log commits to
     * @param erased those whose subject was erased
     * @param locked those of which the secrets are not here, since the whole folder {@code subjects} is not
     */
    public record Sides(long opened, long erased, long locked) {}

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
     * @param retired how many were dropped
     * @param faults what is wrong
     * @param trust who vouches
     * @param attested how many are covered
     * @param sides what was found of the erasable parts
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
