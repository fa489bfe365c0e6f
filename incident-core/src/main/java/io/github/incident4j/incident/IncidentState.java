// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

/**
 * Where an incident stands in its life, from being noticed to being closed. Containment goes on beside what people do
 * (contain first, diagnose after), so an incident that people investigate may be {@linkplain Incident#contained()
 * contained} or not; {@link #CONTAINED} is said of one that nobody has begun to investigate.
 */
public enum IncidentState {
    /** It was noticed; harm may go on. */
    DETECTED,
    /** A person has said how bad it is and what kind of harm; harm may go on. */
    TRIAGED,
    /** A containment is in force and no detector has seen harm since. */
    CONTAINED,
    /** People look for the cause. */
    INVESTIGATING,
    /** The cause is mended; the model is not back yet. */
    REMEDIATED,
    /** A recovery ramp brings the traffic back. */
    RECOVERING,
    /** A person has declared it over. */
    RESOLVED,
    /** The post-incident review is written. */
    REVIEWED,
    /** Nothing is left to do. */
    CLOSED,
    /** A person has found that it was a false alarm. */
    DISMISSED;

    /** {@return whether there may be something to do about the harm} */
    public boolean isOpen() {
        return compareTo(RESOLVED) < 0;
    }
}
