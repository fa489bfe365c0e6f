// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.incident4j.model.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A schema that values are held against. The library behind it is optional and stands in {@link NetworkntSchema} only.
 */
interface JsonSchema {
    String NAME = "json-schema";

    /**
     * A schema, or what is wrong.
     *
     * @param schema the schema, or null
     * @param faults what is wrong with it
     */
    record Compiled(@Nullable JsonSchema schema, List<String> faults) {
        static final Compiled NONE = new Compiled(null, List.of());
    }

    /** What of the schema a value does not meet, or null. */
    @Nullable
    Finding unmet(JsonNode value);

    /** Reads a schema. */
    static Compiled compiled(String schema) {
        try {
            return new Compiled(NetworkntSchema.of(new JsonMapper().readTree(schema)), List.of());
        } catch (JsonProcessingException e) {
            return faulty("the schema is not JSON; " + e.getOriginalMessage());
        } catch (NoClassDefFoundError e) {
            boolean patterns = String.valueOf(e.getMessage()).contains("re2j");
            return faulty(
                    patterns
                            ? "the schema has patterns, which need RE2/J; add the dependency com.google.re2j:re2j"
                            : "a schema needs a validator; add the dependency com.networknt:json-schema-validator, version 2.0.x");
        } catch (RuntimeException e) {
            // The library's own exceptions cannot be named here, where it may be absent.
            return faulty("the schema cannot be used; " + e.getMessage());
        }
    }

    private static Compiled faulty(String why) {
        return new Compiled(null, List.of(why));
    }
}
