// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

/** What a person does in an incident. The scribe is the timeline, which writes itself. */
public enum Role {
    /** Leads, and decides where the plan asks a person. */
    COMMANDER,
    /** Leads the technical work. */
    TECHNICAL_LEAD,
    /** Tells those who must know. */
    COMMUNICATIONS,
    /** Sees to duties by law and contract. */
    LEGAL,
    /** Knows the field that the model decides about. */
    SUBJECT_EXPERT,
    /** Speaks with the client. */
    CLIENT_LIAISON
}
