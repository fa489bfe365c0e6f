// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.SideRecord;
import io.github.incident4j.audit.TrailRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** How records look on a terminal, as JSON and as CSV. */
final class Output {
    private final ObjectMapper mapper = new ObjectMapper();

    String json(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what the library returns can be written", e);
        }
    }

    /** The record as it stands in the log, but for its checksum; with its side record where that was opened. */
    String json(TrailRecord record) {
        Map<String, Object> members = new LinkedHashMap<>(record.members());
        members.remove("crc32c");
        if (record.side().state() == SideRecord.State.OPENED) {
            members.put("side", record.side().members());
        } else if (record.side().state() != SideRecord.State.NONE
                && record.side().state() != SideRecord.State.UNREAD) {
            members.put("side", record.side().state().name().toLowerCase(java.util.Locale.ROOT));
        }
        return json((Object) members);
    }

    /** One line for people. */
    String line(TrailRecord record) {
        StringJoiner line = new StringJoiner("  ");
        line.add(String.format("%8d", record.sequence()))
                .add(record.time().toString())
                .add(record.type());
        for (String name : new String[] {"model", "outcome", "route", "failure", "id"}) {
            Object value = record.members().get(name);
            if (value != null) {
                line.add(name + "=" + value);
            }
        }
        return record.segments().isEmpty() ? line.toString() : line + "  " + record.segments();
    }

    static String csv(Object value) {
        String text = value == null ? "" : String.valueOf(value);
        // A cell that a spreadsheet would take for a formula is kept a text.
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 && !(value instanceof Number)
                ? "'" + text
                : text;
        return safe.matches("[^\",\n\r]*") ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
