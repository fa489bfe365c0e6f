// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a question to the trail wants, as far as it says where to look.
 *
 * @param from the first instant
 * @param until the first instant that is too late
 * @param after the last record that is not wanted, or -1
 * @param newestFirst in which order
 * @param needles texts that stand in the lines of all records that are wanted
 * @param sideNeedles texts that stand in the side records of all records that are wanted
 * @param unsealed whether side records are wanted, too
 * @param subject whom the records are about, if only such are wanted
 */
public record Wanted(
        Instant from,
        Instant until,
        long after,
        boolean newestFirst,
        List<String> needles,
        List<String> sideNeedles,
        boolean unsealed,
        @Nullable String subject) {
    /** Everything, oldest first. */
    public static final Wanted EVERYTHING =
            new Wanted(Instant.MIN, Instant.MAX, -1, false, List.of(), List.of(), false, null);

    /** Copies the list. */
    public Wanted {
        needles = List.copyOf(needles);
        sideNeedles = List.copyOf(sideNeedles);
    }

    /**
     * From an instant on.
     *
     * @param instant the first instant
     * @return the narrower wish
     */
    public Wanted since(Instant instant) {
        Instant later = instant.isAfter(from) ? instant : from;
        return new Wanted(later, until, after, newestFirst, needles, sideNeedles, unsealed, subject);
    }

    /**
     * Before an instant.
     *
     * @param instant the first instant that is too late
     * @return the narrower wish
     */
    public Wanted before(Instant instant) {
        Instant earlier = instant.isBefore(until) ? instant : until;
        return new Wanted(from, earlier, after, newestFirst, needles, sideNeedles, unsealed, subject);
    }

    /**
     * Behind a record.
     *
     * @param sequence its number
     * @return the narrower wish
     */
    public Wanted behind(long sequence) {
        return new Wanted(from, until, Math.max(after, sequence), newestFirst, needles, sideNeedles, unsealed, subject);
    }

    /** {@return the same, oldest first} */
    public Wanted forwards() {
        return new Wanted(from, until, after, false, needles, sideNeedles, unsealed, subject);
    }

    /** {@return the same, newest first} */
    public Wanted reversed() {
        return new Wanted(from, until, after, true, needles, sideNeedles, unsealed, subject);
    }

    /**
     * Only records with a text in their lines.
     *
     * @param needle the text
     * @return the narrower wish
     */
    public Wanted holding(String needle) {
        List<String> more = new ArrayList<>(needles);
        more.add(needle);
        return new Wanted(from, until, after, newestFirst, more, sideNeedles, unsealed, subject);
    }

    /**
     * Only records with a text in their side records, which are wanted, too.
     *
     * @param needle the text
     * @return the narrower wish
     */
    public Wanted holdingAside(String needle) {
        List<String> more = new ArrayList<>(sideNeedles);
        more.add(needle);
        return new Wanted(from, until, after, newestFirst, needles, more, true, subject);
    }

    /** {@return the same, with side records} */
    public Wanted withSides() {
        return new Wanted(from, until, after, newestFirst, needles, sideNeedles, true, subject);
    }

    /**
     * Only records about somebody.
     *
     * @param whom the host's reference to that person
     * @return the narrower wish
     */
    public Wanted about(String whom) {
        return new Wanted(from, until, after, newestFirst, needles, sideNeedles, unsealed, whom);
    }
}
