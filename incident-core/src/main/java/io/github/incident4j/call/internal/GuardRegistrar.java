// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.killswitch.internal.RouteControl;
import java.util.List;

/** Is told of every guard. */
@FunctionalInterface
public interface GuardRegistrar {
    /**
     * Takes a guard; throws if its name is taken.
     *
     * @param info what its decisions have in common
     * @param detections what it watches
     * @param control what a response may do to it
     */
    void register(GuardInfo info, List<? extends Detection<?, ?>> detections, RouteControl control);
}
