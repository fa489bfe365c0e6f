// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.AuditSigner;
import io.github.incident4j.audit.CheckpointAnchor;
import io.github.incident4j.audit.Retention;
import java.time.Duration;
import java.util.List;

/**
 * What was set of a trail, checked.
 *
 * @param maxWaitingDecisions how many decisions may wait for the journal
 * @param maxWaitingPayload how many characters of payload may wait with them
 * @param maxWait how long a caller waits when that many wait, before its record is dropped and counted
 * @param signers who sign checkpoints; none for a key in the runtime's directory. More than one while keys are changed
 * @param anchors where checkpoints are kept outside the directory
 * @param retention how long records are kept
 */
public record TrailSettings(
        int maxWaitingDecisions,
        long maxWaitingPayload,
        Duration maxWait,
        List<AuditSigner> signers,
        List<CheckpointAnchor> anchors,
        Retention retention) {
    /** Copies the lists. */
    public TrailSettings {
        signers = List.copyOf(signers);
        anchors = List.copyOf(anchors);
    }
}
