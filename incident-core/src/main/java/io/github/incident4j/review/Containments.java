// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import java.util.List;
import java.util.Optional;

/** Which containment has held. */
final class Containments {
    private Containments() {}

    /**
     * The containment after which it was quiet first: that it holds is known a while later only. Where a person has
     * contained the harm by other means, the entry in which that is said.
     */
    static Optional<TimelineEntry> firstThatHeld(List<TimelineEntry> timeline) {
        Optional<TimelineEntry> last = Optional.empty();
        for (TimelineEntry entry : timeline) {
            if (entry.kind() == Kind.CONTAINMENT) {
                last = Optional.of(entry);
            } else if (entry.kind() == Kind.CONTAINED) {
                return last.isPresent() ? last : Optional.of(entry);
            }
        }
        return Optional.empty();
    }
}
