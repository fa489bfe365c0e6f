// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides whether a text is JSON (RFC 8259) with no key twice in an object, by Jackson's streaming parser. */
final class StrictJson {
    private static final int LONGEST_NUMBER = 1_000;

    private final int maxDepth;
    private final JsonFactory factory;
    private final JsonMapper mapper;

    StrictJson(int maxLength, int maxDepth) {
        this.maxDepth = maxDepth;
        factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxStringLength(maxLength)
                        .maxNameLength(maxLength)
                        .maxNumberLength(LONGEST_NUMBER)
                        .build())
                // Keys come from a model: a table of all that were ever seen would grow.
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
        mapper = new JsonMapper(factory);
    }

    /** The tree of a text without faults. */
    JsonNode tree(String text) {
        try {
            return mapper.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a text that was read once is not read again", e);
        }
    }

    /** What is wrong with a text, or null when it is one JSON value and nothing else. */
    @Nullable
    Fault fault(String text) {
        try (JsonParser parser = factory.createParser(text)) {
            Deque<Set<String>> keys = new ArrayDeque<>();
            int depth = 0;
            JsonToken token = parser.nextToken();
            if (token == null) {
                return new Fault("not-json", "there is no JSON value", text.length());
            }
            while (token != null) {
                if (token == JsonToken.START_OBJECT) {
                    keys.push(new HashSet<>());
                } else if (token == JsonToken.END_OBJECT) {
                    keys.pop();
                } else if (token == JsonToken.FIELD_NAME && !keys.element().add(parser.currentName())) {
                    return new Fault(
                            "duplicate-key",
                            "an object has the same key twice, the second",
                            index(parser.currentTokenLocation()));
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    break;
                }
                token = parser.nextToken();
            }
            if (token == null) {
                return explained(text, text.length());
            }
            parser.finishToken();
            return followed(parser, text);
        } catch (StreamConstraintsException e) {
            return limited(text, e);
        } catch (JsonProcessingException e) {
            return explained(text, index(e.getLocation()));
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory cannot be read", e);
        }
    }

    private static @Nullable Fault followed(JsonParser parser, String text) throws IOException {
        int end = index(parser.currentLocation());
        while (end < text.length() && " \t\n\r".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        return end == text.length() ? null : new Fault("trailing-text", "text follows the JSON value", end);
    }

    private Fault limited(String text, StreamConstraintsException e) {
        Fault explained = explained(text, index(e.getLocation()));
        return "too-deep".equals(explained.category())
                ? explained
                : new Fault(
                        "too-long",
                        "a number of more than " + LONGEST_NUMBER + " characters, or another limit of size, ends",
                        explained.at());
    }

    /** In our own words, because the parser's message quotes the text. */
    private Fault explained(String text, int index) {
        JsonReader reader = new JsonReader(text, 0, maxDepth, false);
        reader.value();
        Fault fault = reader.fault();
        return fault != null ? fault : new Fault("not-json", "the text is not JSON", index);
    }

    private static int index(@Nullable JsonLocation location) {
        return location == null ? 0 : (int) Math.max(0, location.getCharOffset());
    }
}
