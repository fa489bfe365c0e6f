// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a switch file may say. A member that nobody knows, or of a wrong type, is a slip of the one who wrote it: passed
 * over, it would make of a switch another one than was meant, such as a kill of everything.
 */
final class SwitchShape {
    private enum Type {
        TEXT("a text"),
        NUMBER("a number"),
        WHOLE("a whole number"),
        OBJECT("an object"),
        ARRAY("an array");

        private final String words;

        Type(String words) {
            this.words = words;
        }

        boolean fits(JsonNode json) {
            return switch (this) {
                case TEXT -> json.isTextual();
                case NUMBER -> json.isNumber();
                case WHOLE -> json.isIntegralNumber();
                case OBJECT -> json.isObject();
                case ARRAY -> json.isArray();
            };
        }
    }

    private static final Map<String, Type> FILE = Map.of(
            "v", Type.WHOLE,
            "version", Type.WHOLE,
            "read", Type.TEXT,
            "freeze", Type.OBJECT,
            "switches", Type.ARRAY,
            "lifted", Type.ARRAY);
    private static final Map<String, Type> CAUSE = Map.of(
            "by", Type.TEXT,
            "because", Type.TEXT,
            "until", Type.TEXT);
    private static final Map<String, Type> LIFT = Map.of(
            "scope", Type.OBJECT,
            "by", Type.TEXT,
            "because", Type.TEXT,
            "at", Type.TEXT);
    private static final Map<String, Type> SWITCH = Map.ofEntries(
            Map.entry("scope", Type.OBJECT),
            Map.entry("state", Type.TEXT),
            Map.entry("instead", Type.TEXT),
            Map.entry("prefer", Type.TEXT),
            Map.entry("share", Type.NUMBER),
            Map.entry("calls", Type.WHOLE),
            Map.entry("per", Type.TEXT),
            Map.entry("by", Type.TEXT),
            Map.entry("because", Type.TEXT),
            Map.entry("until", Type.TEXT),
            Map.entry("since", Type.TEXT));
    private static final Map<String, Type> SCOPE = Map.of(
            "model", Type.TEXT,
            "route", Type.TEXT,
            "feature", Type.TEXT,
            "attribute", Type.TEXT,
            "value", Type.TEXT,
            "share", Type.NUMBER);

    private SwitchShape() {}

    /**
     * Checks a whole file, of which it is known that it is one; what was lifted is checked one by one.
     *
     * @throws IllegalArgumentException with what is wrong, for the one who wrote it
     */
    static void check(JsonNode root) {
        check("the file", root, FILE);
        JsonNode freeze = root.get("freeze");
        if (freeze != null) {
            check("the freeze", freeze, CAUSE);
        }
        int number = 0;
        for (JsonNode each : root.path("switches")) {
            number++;
            String what = "switch " + number;
            check(what, each, SWITCH);
            checkSwitch(what, each);
            checkScope(what, each);
        }
    }

    /**
     * Checks what says who lifted a switch.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static void checkLift(JsonNode lift) {
        check("what was lifted", lift, LIFT);
        checkScope("what was lifted", lift);
    }

    private static void checkScope(String what, JsonNode json) {
        if (json.has("scope")) {
            check("the scope of " + what, json.get("scope"), SCOPE);
            together("the scope of " + what, json.get("scope"), "attribute", "value");
        }
    }

    private static void checkSwitch(String what, JsonNode json) {
        together(what, json, "calls", "per");
        JsonNode instead = json.get("instead");
        if (instead != null && !instead.asText().equals("refuse")) {
            throw new IllegalArgumentException(
                    what + " has \"instead\": " + instead + "; only \"refuse\" can stand there");
        }
        if (instead != null && json.has("prefer")) {
            throw new IllegalArgumentException(what + " has both \"instead\" and \"prefer\"; keep one");
        }
        if (!json.path("state").asText().equals("limited") && (json.has("share") || json.has("calls"))) {
            throw new IllegalArgumentException(
                    what + " has a limit and is no limit; set \"state\": \"limited\", or move a share into the scope");
        }
    }

    private static void together(String what, JsonNode json, String one, String other) {
        if (json.has(one) != json.has(other)) {
            throw new IllegalArgumentException(
                    what + " needs both \"" + one + "\" and \"" + other + "\", or neither of them");
        }
    }

    private static void check(String what, JsonNode json, Map<String, Type> members) {
        if (!json.isObject()) {
            throw new IllegalArgumentException(what + " is no object: " + json);
        }
        Optional<String> fault = json.properties().stream()
                .map(each -> fault(each.getKey(), each.getValue(), members.get(each.getKey())))
                .flatMap(Optional::stream)
                .findFirst();
        if (fault.isPresent()) {
            throw new IllegalArgumentException(what + " has " + fault.get() + "; its members are "
                    + String.join(", ", new TreeSet<>(members.keySet())));
        }
    }

    private static Optional<String> fault(String name, JsonNode value, @Nullable Type type) {
        if (type == null) {
            return Optional.of("an unknown member \"" + name + "\"");
        }
        return type.fits(value)
                ? Optional.empty()
                : Optional.of("\"" + name + "\": " + value + ", which is not " + type.words);
    }
}
