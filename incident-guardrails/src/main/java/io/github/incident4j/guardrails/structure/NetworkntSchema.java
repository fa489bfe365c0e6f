// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpression;
import io.github.incident4j.model.Finding;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** By com.networknt:json-schema-validator; loaded only when a schema is given. */
final class NetworkntSchema implements JsonSchema {
    private static final int MOST_NAMED = 5;

    private final Schema schema;

    private NetworkntSchema(Schema schema) {
        this.schema = schema;
    }

    static JsonSchema of(JsonNode node) {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .regularExpressionFactory(NetworkntSchema::linear)
                .build();
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config));
        Schema schema = registry.getSchema(node);
        schema.initializeValidators();
        return new NetworkntSchema(schema);
    }

    /** The schema's patterns meet a model's text, so they must not backtrack. */
    private static RegularExpression linear(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return value -> pattern.matcher(value).find();
    }

    @Override
    public @Nullable Finding unmet(JsonNode value) {
        List<Error> errors = schema.validate(value);
        if (errors.isEmpty()) {
            return null;
        }
        String named =
                errors.stream().limit(MOST_NAMED).map(NetworkntSchema::words).collect(Collectors.joining(", "));
        int more = errors.size() - MOST_NAMED;
        return new Finding(
                NAME,
                "schema",
                "the JSON does not meet its schema: " + named + (more > 0 ? " and " + more + " more" : ""));
    }

    /** Where in the schema; the library's own message and the place in the value would quote the answer. */
    private static String words(Error error) {
        Object missing = "required".equals(error.getKeyword()) ? error.getProperty() : null;
        return error.getKeyword() + (missing == null ? "" : " \"" + missing + "\"") + " at "
                + error.getEvaluationPath();
    }
}
