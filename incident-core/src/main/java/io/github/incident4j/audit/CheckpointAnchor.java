// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import java.io.IOException;

/**
 * A place outside the service that keeps checkpoints, so that nobody who controls the service can make its trail
 * shorter, or rewrite it: another file system, a log server, a transparency log. Used by one thread at a time; it may
 * block. What fails is logged, and the next checkpoint is offered all the same; an anchor that blocks keeps the next
 * checkpoint waiting. An anchor is never closed. {@link CheckpointAnchors} has ready-made ones.
 */
@FunctionalInterface
public interface CheckpointAnchor {

    /**
     * Keeps a checkpoint.
     *
     * @param checkpoint a C2SP signed note over origin, size and root, ready to be stored as it is
     * @throws IOException if it cannot be kept now
     */
    void publish(String checkpoint) throws IOException;
}
