// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

/** Where an incident stands. */
public enum IncidentState {
    /** It was noticed; harm may go on. */
    DETECTED,
    /** A containment is in force and no detector has seen harm since. */
    CONTAINED,
    /** A person has declared it over. */
    RESOLVED
}
