// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

/**
 * Something happened in an incident.
 *
 * @param incident the incident as it stands after it
 * @param entry what happened; the newest entry of the timeline
 */
public record IncidentEvent(Incident incident, TimelineEntry entry) {}
