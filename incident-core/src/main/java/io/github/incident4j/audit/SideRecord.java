// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import java.util.Map;
import java.util.Optional;

/**
 * The part of a record that lies outside the log, sealed, so that it can be erased: whom a decision was about, the
 * values of segments and detectors, the payloads. The log commits to it.
 *
 * @param state what could be read of it
 * @param members its members as they were recorded, empty unless it is {@linkplain State#OPENED opened}; unmodifiable
 */
public record SideRecord(State state, Map<String, Object> members) {
    /** What could be read of a side record. */
    public enum State {
        /** The record has none. */
        NONE,
        /** It is there; nobody has asked for it. */
        UNREAD,
        /** It was read, and it is the one that the log commits to. */
        OPENED,
        /** Its subject was erased: nobody can read it any more. */
        ERASED,
        /** The secret that opens it is not here, such as in a copy of the trail alone. */
        LOCKED,
        /** It is missing, or not the one that the log commits to. */
        DAMAGED
    }

    /**
     * Keeps the map.
     *
     * @param state what could be read of it
     * @param members its members
     */
    public SideRecord {
        members = java.util.Collections.unmodifiableMap(members);
    }

    /**
     * A side record of which nothing was read.
     *
     * @param state why
     * @return the side record
     */
    public static SideRecord without(State state) {
        return new SideRecord(state, Map.of());
    }

    /** {@return whom the record is about, as the host named that person} */
    public Optional<String> subject() {
        return text("subject");
    }

    /** {@return what the model saw, where the guard's policy keeps it} */
    public Optional<String> input() {
        return text("input");
    }

    /** {@return what the caller got, where the guard's policy keeps it} */
    public Optional<String> output() {
        return text("output");
    }

    private Optional<String> text(String member) {
        return members.get(member) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
