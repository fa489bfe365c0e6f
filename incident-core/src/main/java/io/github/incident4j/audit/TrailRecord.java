// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import java.time.Instant;
import java.util.Map;

/**
 * One record of the audit trail.
 *
 * @param sequence its place in the total order, from 0, without gaps
 * @param time when it happened
 * @param type what it records, such as {@code decision}, {@code switch.killed} or {@code incident.opened}
 * @param members every member of the JSON object in its order: {@code String}, {@code Number}, {@code Boolean},
 *     {@code List} and {@code Map} values, unmodifiable
 */
public record TrailRecord(long sequence, Instant time, String type, Map<String, Object> members) {}
