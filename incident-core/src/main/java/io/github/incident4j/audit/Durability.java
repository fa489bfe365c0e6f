// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

/**
 * When the record of a decision is on the disk, and who waits for that. Whatever a guard chooses, its records are
 * written in order with all others, and one force of the disk serves all that wait for it.
 */
public enum Durability {
    /**
     * Never forced for this guard's sake: the operating system writes it when it likes, and the trail forces it after
     * ten seconds, as checkpoints, and who follows the trail, come behind that. A crash of the process loses what was
     * in the queue, a power cut more.
     */
    NONE,
    /** Forced once a second. A crash loses up to a second of decisions. */
    INTERVAL,
    /** Forced within ten milliseconds, together with what came meanwhile. A crash loses these. The default. */
    GROUP,
    /**
     * The caller gets its answer when the record is on the disk, or when it turns out that it cannot be: then the
     * answer is given all the same and the trail admits the gap.
     */
    EVERY,
    /**
     * The caller gets its answer when the record is on the disk, and no answer without one. A trail that takes no
     * records refuses the call before the model is asked.
     */
    DURABLE;

    /** {@return whether the caller waits for the disk} */
    public boolean waits() {
        return this == EVERY || this == DURABLE;
    }
}
