// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long the trail is kept. What goes is whole segments of the log, oldest first, with what could be erased of them;
 * the tree's tiles and the checkpoint stay, so that every proof of what is left, and of what was proved before, still
 * holds. What goes is on record before it goes. An open incident, a running ramp or an {@linkplain EvidenceHolds
 * evidence hold} keeps everything since its beginning.
 *
 * <p>A record goes at the latest an eighth of its age limit late, since what goes is whole segments. Ages are counted
 * by the clock, but up to the newest record of earlier runs and the time since this one began at most: a run whose
 * clock is set ahead drops nothing by that, and an incident says so where it would have by a day or more. So the time
 * in which nobody ran counts from the next start on; and a clock that is still wrong at a second start is believed.
 *
 * <p>How old records are, the lines of the log say, as far as the signed checkpoint attests them; no file that is not
 * signed has anything dropped. A segment with lines that are damaged goes with the first one behind it that is not; one
 * with a record of the future, as of a clock that was ahead, stays until then, with all that follow. What is wrong with
 * a segment is on record before it goes.
 *
 * <p>Nothing goes before it is {@linkplain #atLeast six months} old, unless the owner says so: the EU AI Act (Art. 19
 * and 26) wants automatic logs kept at least that long.
 *
 * @param maxAge how old a record may become, if that is limited
 * @param maxBytes how much room log, side records, their secrets and records that are too long for a line may take, if
 *     that is limited
 * @param atLeast what is younger than this stays, whatever the limits
 */
public record Retention(Optional<Duration> maxAge, OptionalLong maxBytes, Duration atLeast) {
    private static final Duration SIX_MONTHS = Duration.ofDays(184);

    /** {@return everything is kept; the default} */
    public static Retention forever() {
        return new Retention(Optional.empty(), OptionalLong.empty(), SIX_MONTHS);
    }

    /**
     * Keeps records until they are of an age.
     *
     * @param age the age
     * @return the retention
     */
    public static Retention upTo(Duration age) {
        return new Retention(Optional.of(age), OptionalLong.empty(), SIX_MONTHS);
    }

    /**
     * Keeps records until they take more room than this.
     *
     * @param bytes the room for log, side records and their secrets
     * @return the retention
     */
    public static Retention upToBytes(long bytes) {
        return new Retention(Optional.empty(), OptionalLong.of(bytes), SIX_MONTHS);
    }

    /**
     * This retention with a limit of room, too.
     *
     * @param bytes the room for log and side records
     * @return the retention
     */
    public Retention andUpToBytes(long bytes) {
        return new Retention(maxAge, OptionalLong.of(bytes), atLeast);
    }

    /**
     * This retention with another least age; by default 184 days, the longest six months.
     *
     * @param age what is younger stays
     * @return the retention
     */
    public Retention atLeast(Duration age) {
        return new Retention(maxAge, maxBytes, age);
    }

    /**
     * How old the first record of a segment may become before another segment is begun, so that there are whole ones to
     * drop however little is recorded: an eighth of the age at which records go.
     *
     * @return the age; empty where records do not go by age
     */
    public Optional<Duration> rollAfter() {
        return maxAge.map(age -> age.dividedBy(8));
    }

    /** {@return what is wrong with it, one sentence for each fault} */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (atLeast.isNegative()) {
            faults.add("a least age of " + atLeast + " is negative; use zero or more");
        }
        if (maxAge.isPresent() && maxAge.get().compareTo(atLeast) < 0) {
            faults.add("records are to go at an age of " + maxAge.get() + ", but to be kept for " + atLeast
                    + " at least; keep them longer, or lower the least age by atLeast(…)");
        }
        if (maxBytes.isPresent() && maxBytes.getAsLong() < 1) {
            faults.add("room for " + maxBytes.getAsLong() + " bytes keeps nothing; use 1 or more");
        }
        return faults;
    }
}
