// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the journal's thread, bounded in entries and in payload. Decisions leave room to control records, and
 * these to the decisions for which room is reserved, and to one record more about each of those. Never waits; counts
 * what is dropped.
 */
final class WaitingEntries {
    private static final int CONTROL = 1_024; // room that decisions leave to control records
    private static final int LEAST_RESERVATIONS = 1_024;

    private final BoundedQueue<TrailEntry> entries = new BoundedQueue<>();
    private final int decisionLimit;
    private final int maxReservations;
    private final int capacity;
    private final long payloadLimit;
    private final AtomicLong payload = new AtomicLong(); // characters that wait
    private final AtomicInteger reservations = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();

    /**
     * Creates a queue.
     *
     * @param decisionLimit how many decisions may wait
     * @param payloadLimit how many characters of payload may wait with them
     */
    WaitingEntries(int decisionLimit, long payloadLimit) {
        this.decisionLimit = decisionLimit;
        this.maxReservations = Math.max(LEAST_RESERVATIONS, decisionLimit - CONTROL);
        this.capacity = decisionLimit + CONTROL + 2 * maxReservations;
        this.payloadLimit = payloadLimit;
    }

    // ---- callers' threads -------------------------------------------------------------------------------------

    /** Reserves room for a decision with that much payload; every yes is followed by one end of it. */
    boolean reserve(long characters) {
        boolean room = entries.size() < decisionLimit; // first: an error of the JVM in it leaves nothing taken
        long before = payload.getAndAdd(characters);
        if (reservations.incrementAndGet() <= maxReservations
                && room
                && (before == 0 || before + characters <= payloadLimit)) {
            return true;
        }
        payload.addAndGet(-characters);
        reservations.decrementAndGet();
        return false;
    }

    /** Counts the payload that a decision really has; without it, if that is more than there is room for. */
    DecisionRecord fit(DecisionRecord decision, long reserved) {
        long more = decision.characters() - reserved;
        if (more > 0 && payload.get() + more > payloadLimit) {
            DecisionRecord fewer = decision.withoutPayload(); // first: it may find no memory
            payload.addAndGet(fewer.characters() - reserved);
            return fewer;
        }
        payload.addAndGet(more);
        return decision;
    }

    /** Ends a reservation of which no decision comes. */
    void release(long reserved) {
        payload.addAndGet(-reserved);
        endReservation();
    }

    void endReservation() {
        reservations.decrementAndGet();
    }

    /** Offers a decision for which room is reserved, and of which the payload is counted. */
    boolean offerReserved(TrailEntry entry, DecisionRecord decision) {
        return offerCounted(entry, decision.characters(), capacity);
    }

    /** Offers a decision where there is room for it, in entries and in payload. */
    boolean offerDecision(TrailEntry entry, DecisionRecord decision) {
        long characters = decision.characters();
        if (characters == 0) {
            return entries.offer(entry, decisionLimit);
        }
        long before = payload.getAndAdd(characters);
        boolean room = before == 0 || before + characters <= payloadLimit;
        return offerCounted(entry, characters, room ? decisionLimit : 0);
    }

    /** What is not taken, be it for an error of the JVM, is counted no longer. */
    private boolean offerCounted(TrailEntry entry, long characters, int limit) {
        boolean taken = false;
        try {
            taken = entries.offer(entry, limit);
            return taken;
        } finally {
            if (!taken) {
                payload.addAndGet(-characters);
            }
        }
    }

    /**
     * Offers anything but a decision; it leaves room for all that is reserved, since a model was paid for each of
     * those. What may come in masses leaves the control records theirs.
     */
    boolean offerControl(TrailEntry entry) {
        return entries.offer(entry, entry.yields() ? decisionLimit : decisionLimit + CONTROL);
    }

    /** Offers what becomes of a decision for which room was reserved: with one more place for each of them. */
    boolean offerAmendment(TrailEntry entry) {
        return entries.offer(entry, capacity);
    }

    /** Counts entries that the trail has lost. */
    void drop(long lost) {
        dropped.addAndGet(lost);
    }

    /** How many entries the trail has lost so far. */
    long dropped() {
        return dropped.get();
    }

    // ---- the journal thread -----------------------------------------------------------------------------------

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The entry that has waited longest. */
    @Nullable
    TrailEntry peek() {
        return entries.peek();
    }

    /** Removes it. */
    void remove() {
        entries.poll();
    }

    /** The payload of an entry waits no longer: it is encoded, or dropped. */
    void free(TrailEntry entry) {
        if (Awaited.entryOf(entry) instanceof DecisionRecord decision && decision.characters() > 0) {
            payload.addAndGet(-decision.characters());
        }
    }

    /** After the journal's end, whatever still gets in is counted; by whoever sees it. */
    void dropAll() {
        for (TrailEntry entry = entries.poll(); entry != null; entry = entries.poll()) {
            if (entry instanceof Marker marker) {
                marker.passed().cancel(false); // and nothing is lost
                continue;
            }
            dropped.incrementAndGet();
            if (entry instanceof Awaited waiting) {
                waiting.complete(false);
            } else if (entry instanceof Erasing erasing) {
                erasing.done().completeExceptionally(new IOException("the trail is closed"));
            }
        }
    }
}
