// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** When the log is to be forced, and who waits for that. Used by the journal's thread only; times are its ticker's. */
final class GroupCommit {
    private static final long GROUP_EVERY = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long FORCE_EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final long ATTEST_WITHIN = TimeUnit.SECONDS.toNanos(10); // what nobody wants to be forced
    private static final int GROUP_WAIT = 2; // of the time of a force

    private final List<Awaited> waiting;
    private long forceBy = Long.MAX_VALUE; // MAX_VALUE if nothing wants to be forced
    private int lastGroup; // how many waited for the last force
    private int groupBefore; // and for the one before
    private long groupSince;
    private long forceNanos;

    /** Keeps who waits in the given list. */
    GroupCommit(List<Awaited> waiting) {
        this.waiting = waiting;
    }

    /**
     * Takes into account what an entry that is about to be written wants. Where that fails, for want of memory, the
     * entry is forced in time all the same.
     */
    void add(TrailEntry entry, long now) {
        long within = 0;
        if (entry instanceof DecisionRecord decision) {
            within = switch (decision.guard().recording().durability()) {
                case NONE -> ATTEST_WITHIN;
                case INTERVAL -> FORCE_EVERY;
                case GROUP, EVERY, DURABLE -> GROUP_EVERY;
            };
        } else if (entry instanceof Awaited) {
            if (waiting.isEmpty()) {
                groupSince = now;
            }
            within = FORCE_EVERY; // sooner, as soon as the group is complete
        }
        forceBy = Math.min(forceBy, now + within);
        if (entry instanceof Awaited awaited) {
            waiting.add(awaited);
        }
    }

    /** An entry is not written, or not itself: its caller need not wait. */
    void giveUp(Awaited awaited) {
        waiting.remove(awaited);
        awaited.complete(false);
    }

    boolean isWanted() {
        return forceBy != Long.MAX_VALUE;
    }

    boolean isDue(long now) {
        return isComplete(now) || now - forceBy >= 0;
    }

    /**
     * Who waits is not kept waiting, but for those who were in the last group and will be back in a moment. The one
     * before counts, too: after a group without somebody who was late, the next one would go without somebody else.
     */
    private boolean isComplete(long now) {
        return !waiting.isEmpty()
                && (waiting.size() >= Math.max(lastGroup, groupBefore) || now - groupSince > forceNanos / GROUP_WAIT);
    }

    /** For how many nanoseconds at most, and at least one, those who wait are still kept waiting for the others. */
    long patience(long now) {
        return Math.max(1, Math.min(groupSince + forceNanos / GROUP_WAIT + 1, forceBy) - now);
    }

    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    /** All that was added is on the disk. */
    void forced(long nanos) {
        forceBy = Long.MAX_VALUE;
        forceNanos = nanos;
        groupBefore = lastGroup;
        lastGroup = waiting.size();
    }

    void tell(boolean durable) {
        waiting.forEach(each -> each.complete(durable));
        waiting.clear();
    }
}
