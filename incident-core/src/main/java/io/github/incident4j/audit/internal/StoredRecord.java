// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A record as it was read back, for the rooms that rebuild their state from the trail.
 *
 * @param sequence its sequence number
 * @param time when it happened
 * @param type its type
 * @param json the whole object
 */
public record StoredRecord(long sequence, Instant time, String type, JsonNode json) {}
