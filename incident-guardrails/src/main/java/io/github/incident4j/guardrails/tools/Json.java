// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a call: strict JSON (RFC 8259), each name once, within bounds; as immutable maps and lists. */
final class Json {
    static final int LONGEST = 1_000_000;
    static final int DEEPEST = 32;
    static final int MOST_VALUES = 100_000;

    private static final int LONGEST_NUMBER = 1_000;
    private static final int LARGEST_SCALE = 1_000;

    /** Names are the model's words: they are neither interned nor kept in a table. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST)
                    .maxNameLength(LONGEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .build())
            .build();

    private int values;

    private Json() {}

    /** Says why something is no JSON that can be judged, without a word of it. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private final String why;

        Unreadable(String why) {
            super(why, null, false, false);
            this.why = why;
        }

        String why() {
            return why;
        }
    }

    static Map<String, @Nullable Object> read(@Nullable String text) throws Unreadable {
        if (text == null) {
            throw new Unreadable("are missing");
        }
        if (text.length() > LONGEST) {
            throw new Unreadable("are longer than " + LONGEST + " characters");
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Unreadable("are no JSON object");
            }
            Map<String, @Nullable Object> read = new Json().object(parser);
            if (parser.nextToken() != null) {
                throw new Unreadable("go on after the end of the JSON object");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw new Unreadable("are no JSON object, have a name twice, or are deeper than " + DEEPEST
                    + (e.getLocation() == null
                            ? ""
                            : "; near character " + e.getLocation().getCharOffset()));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text in memory gives no other
        }
    }

    private Map<String, @Nullable Object> object(JsonParser parser) throws IOException, Unreadable {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, value(parser));
        }
        return Collections.unmodifiableMap(members);
    }

    private @Nullable Object value(JsonParser parser) throws IOException, Unreadable {
        count();
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<@Nullable Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser));
                }
                yield Collections.unmodifiableList(items);
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> fraction(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null; // the only token that is left is null's
        };
    }

    private static BigDecimal fraction(JsonParser parser) throws IOException, Unreadable {
        try {
            return sized(parser.getDecimalValue());
        } catch (NumberFormatException e) { // an exponent beyond an int; its message quotes the number
            throw new Unreadable("hold a number with an exponent or with digits beyond " + LARGEST_SCALE);
        }
    }

    /** A copy of what the host gives. */
    static Map<String, @Nullable Object> copy(@Nullable Map<?, ?> given) throws Unreadable {
        if (given == null) {
            throw new Unreadable("are missing");
        }
        return new Json().map(given, 1);
    }

    private Map<String, @Nullable Object> map(Map<?, ?> given, int depth) throws Unreadable {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : given.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw new Unreadable("have a name that is no text");
            }
            members.put(name, value(entry.getValue(), depth));
        }
        return Collections.unmodifiableMap(members);
    }

    private @Nullable Object value(@Nullable Object given, int depth) throws Unreadable {
        count();
        if (given == null || given instanceof Boolean) {
            return given;
        } else if (given instanceof CharSequence text) {
            return text.toString();
        } else if (given instanceof Number number) {
            return number(number);
        }
        if (depth == DEEPEST) {
            throw new Unreadable("are deeper than " + DEEPEST);
        }
        if (given instanceof Map<?, ?> members) {
            return map(members, depth + 1);
        } else if (given instanceof Collection<?> all) {
            List<@Nullable Object> items = new ArrayList<>();
            for (Object item : all) {
                items.add(value(item, depth + 1));
            }
            return Collections.unmodifiableList(items);
        }
        throw new Unreadable("hold a value of type " + given.getClass().getName() + ", which JSON does not have");
    }

    private void count() throws Unreadable {
        if (++values > MOST_VALUES) {
            throw new Unreadable("hold more than " + MOST_VALUES + " values");
        }
    }

    private static Number number(Number given) throws Unreadable {
        if (given instanceof Double || given instanceof Float) {
            if (!Double.isFinite(given.doubleValue())) {
                throw new Unreadable("hold a number that is NaN or infinite");
            }
            return given;
        } else if (given instanceof BigDecimal number) {
            return sized(number);
        } else if (given instanceof BigInteger number && number.bitLength() > 4 * LONGEST_NUMBER) {
            throw new Unreadable("hold a number of more than " + LONGEST_NUMBER + " digits");
        }
        boolean plain = given instanceof Integer
                || given instanceof Long
                || given instanceof Short
                || given instanceof Byte
                || given instanceof BigInteger;
        if (!plain) {
            throw new Unreadable("hold a number of type " + given.getClass().getName() + ", which has no fixed value");
        }
        return given;
    }

    /** Written out, a number such as 1e999999999 would fill the memory of whoever reads it. */
    private static BigDecimal sized(BigDecimal number) throws Unreadable {
        if (Math.abs((long) number.scale()) > LARGEST_SCALE || number.precision() > LONGEST_NUMBER) {
            throw new Unreadable("hold a number with an exponent or with digits beyond " + LARGEST_SCALE);
        }
        return number;
    }

    static BigDecimal decimal(Number number) {
        return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
    }

    static String write(Map<String, ? extends @Nullable Object> arguments) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            write(out, arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text in memory gives none
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> members) {
            out.writeStartObject();
            for (Map.Entry<?, ?> member : members.entrySet()) {
                out.writeFieldName(String.valueOf(member.getKey()));
                write(out, member.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof List<?> items) {
            out.writeStartArray();
            for (Object item : items) {
                write(out, item);
            }
            out.writeEndArray();
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof Number number) {
            out.writeNumber(number.toString());
        } else {
            out.writeNull();
        }
    }

    /** The same for the same values, in whatever order the members stand and however a number is written. */
    static void canonical(@Nullable Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> members) {
            out.append('{').append(members.size()).append(':');
            members.entrySet().stream()
                    .sorted((a, b) -> String.valueOf(a.getKey()).compareTo(String.valueOf(b.getKey())))
                    .forEach(member -> {
                        canonical(member.getKey(), out);
                        canonical(member.getValue(), out);
                    });
        } else if (value instanceof List<?> items) {
            out.append('[').append(items.size()).append(':');
            items.forEach(item -> canonical(item, out));
        } else if (value instanceof String text) {
            out.append('"').append(text.length()).append(':').append(text);
        } else if (value instanceof Number number) {
            out.append('#').append(decimal(number).stripTrailingZeros()).append(':');
        } else {
            out.append(value).append(':');
        }
    }
}
