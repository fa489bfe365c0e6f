// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One record of the audit trail.
 *
 * @param sequence its place in the total order, from 0, without gaps
 * @param time when it happened
 * @param type what it records, such as {@code decision}, {@code switch.killed} or {@code incident.opened}
 * @param members every member of the JSON object in its order: {@code String}, {@code Number}, {@code Boolean},
 *     {@code List} and {@code Map} values, unmodifiable
 * @param side its erasable part; {@linkplain SideRecord.State#UNREAD unread} unless the question was
 *     {@linkplain TrailQuery#unsealed() for it}
 */
public record TrailRecord(long sequence, Instant time, String type, Map<String, Object> members, SideRecord side) {

    /**
     * The value of a segment attribute.
     *
     * @param attribute the attribute's name
     * @return its value, if the record has one that can be read
     */
    public Optional<String> segment(String attribute) {
        return Optional.ofNullable(segments().get(attribute)).map(String::valueOf);
    }

    /** {@return the values of the segment attributes by name; empty if there are none that can be read} */
    public Map<String, Object> segments() {
        return map("segments");
    }

    /** {@return the numbers that detectors watch by name; empty if there are none that can be read} */
    public Map<String, Object> values() {
        return map("values");
    }

    /** {@return the categories that detectors watch by name; empty if there are none that can be read} */
    public Map<String, Object> categories() {
        return map("categories");
    }

    /** Trails of the first two formats have them in the log. */
    @SuppressWarnings("unchecked") // the names of a JSON object's members are strings
    private Map<String, Object> map(String name) {
        Object found = members.getOrDefault(name, side.members().get(name));
        return found instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
