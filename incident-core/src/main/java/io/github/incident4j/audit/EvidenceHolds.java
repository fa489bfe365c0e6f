// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import io.github.incident4j.model.Cause;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/**
 * Holds that keep evidence: while one is in force, nothing that was recorded since its instant is dropped by
 * {@linkplain Retention retention}, and nobody is erased. The EU AI Act (Art. 73(6)) wants a system left as it is
 * before an authority is informed. Survives restarts. Safe for use by several threads.
 */
public interface EvidenceHolds {

    /**
     * One hold.
     *
     * @param name its name
     * @param since what was recorded at this instant or later is held
     * @param cause who holds it and why
     */
    record Hold(String name, Instant since, Cause cause) {}

    /**
     * Holds evidence.
     *
     * @param name a legal name, such as {@code authority-2026-17}; one of the same name is replaced
     * @param since what was recorded at this instant or later is held
     * @param cause who holds it and why
     * @throws IllegalArgumentException if the name is not legal
     * @throws UncheckedIOException if that could not be recorded; the hold is in force until the runtime is closed
     */
    void hold(String name, Instant since, Cause cause);

    /**
     * Releases a hold.
     *
     * @param name its name
     * @param cause who releases it and why
     * @return whether there was one
     * @throws UncheckedIOException if that could not be recorded; the hold is in force again after a restart
     */
    boolean release(String name, Cause cause);

    /** {@return the holds in force, oldest first} */
    List<Hold> active();
}
