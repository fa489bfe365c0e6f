// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

/** What kind of harm an incident is about. */
public enum IncidentType {
    /** Output that can hurt somebody. */
    SAFETY,
    /** One group of people is treated worse than others. */
    BIAS,
    /** The model answers, but worse or differently than it did. */
    PERFORMANCE,
    /** The model does not answer, or too slowly. */
    AVAILABILITY,
    /** Somebody attacks or abuses the model. */
    SECURITY,
    /** Personal data shows where it must not. */
    PRIVACY,
    /** A rule or a law is not kept, or the record that it demands cannot be written. */
    COMPLIANCE,
    /** What goes into the model is not what the model was made for. */
    DATA_QUALITY,
    /** Nothing fails and no rule is broken, and yet it should not be done. */
    ETHICAL,
    /** A supplier's model or service fails or changes. */
    THIRD_PARTY,
    /** Somebody has reported harm, and nobody has said yet of what kind. */
    UNCLASSIFIED
}
