// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import java.time.Duration;
import java.util.Optional;

/**
 * What holds while a source cannot be read. At first its last known good state does; an incident is raised at once, or
 * after a second where the content is corrupt or missing, as it may just be replaced. That state is as old as the last
 * good read, also after a restart; a source of which no good read is known, in this run or an earlier one, is older
 * than any limit.
 *
 * @param limit how old the last known good state may grow, 1 second or more; empty for any age
 * @param then what holds when it is older
 */
public record SourcePolicy(Optional<Duration> limit, Stale then) {
    /** What holds when the last known good state is older than its limit. */
    public enum Stale {
        /** It stays in force. */
        STAY,
        /** Everything is killed until the source can be read again. */
        KILL_EVERYTHING
    }

    /** {@return the last known good state, however old} */
    public static SourcePolicy lastKnownGood() {
        return new SourcePolicy(Optional.empty(), Stale.STAY);
    }

    /**
     * The last known good state up to an age, and then nothing passes; nor does it before the first good read, where no
     * earlier run has kept one. After a restart a state may look older than it is by a tenth of the limit, a minute at
     * most.
     *
     * @param limit how old it may grow, 1 second or more
     * @return the policy
     */
    public static SourcePolicy killedAfter(Duration limit) {
        return new SourcePolicy(Optional.of(limit), Stale.KILL_EVERYTHING);
    }
}
