// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Segment;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * A part of a model's calls of which a switch or a limit keeps some from the model at present, so that what the model
 * answers is another mix of calls than it was.
 *
 * @param attribute the attribute of a segment; empty for a feature, which no decision tells
 * @param value the segment's value, or the feature's name
 * @param passing how much of it passes all the same, in words; empty for nothing
 */
public record Diversion(String attribute, String value, String passing) {
    private static final String ATTRIBUTE = "attribute";
    private static final String VALUE = "value";
    private static final String PASSING = "passing";
    private static final String OF_FEATURE = "";

    /**
     * A segment.
     *
     * @param segment the segment
     * @return the diversion of its calls
     */
    public static Diversion of(Segment segment) {
        return new Diversion(segment.attribute(), segment.value(), "");
    }

    /**
     * A feature of the host's.
     *
     * @param name the feature's name
     * @return the diversion of its calls
     */
    public static Diversion ofFeature(String name) {
        return new Diversion(OF_FEATURE, name, "");
    }

    /**
     * The same where a limit lets some pass: that is another mix than where nothing does.
     *
     * @param limit how much passes
     * @return the diversion of the rest
     */
    public Diversion but(Limit limit) {
        return new Diversion(attribute, value, limit.toString());
    }

    /** Whether what is watched for each value of an attribute by itself is the same as before. */
    boolean spares(String watched) {
        return attribute.equals(watched) && !attribute.equals(OF_FEATURE);
    }

    static void write(JsonGenerator json, Set<Diversion> all) throws IOException {
        for (Diversion each : all) {
            json.writeStartObject();
            json.writeStringField(ATTRIBUTE, each.attribute);
            json.writeStringField(VALUE, each.value);
            if (!each.passing.isEmpty()) {
                json.writeStringField(PASSING, each.passing);
            }
            json.writeEndObject();
        }
    }

    static void write(ArrayNode into, Set<Diversion> all) {
        all.forEach(each -> into.addObject()
                .put(ATTRIBUTE, each.attribute)
                .put(VALUE, each.value)
                .put(PASSING, each.passing));
    }

    static Set<Diversion> read(JsonNode list) {
        Set<Diversion> all = new LinkedHashSet<>();
        list.forEach(each -> all.add(new Diversion(
                each.path(ATTRIBUTE).asText(),
                each.path(VALUE).asText(),
                each.path(PASSING).asText())));
        return all;
    }

    /** For a person. */
    static Set<String> names(Set<Diversion> all) {
        Set<String> names = new TreeSet<>();
        all.forEach(each -> names.add((each.attribute.isEmpty() ? "feature " : each.attribute + "=")
                + each.value
                + (each.passing.isEmpty() ? "" : " but for " + each.passing)));
        return names;
    }
}
