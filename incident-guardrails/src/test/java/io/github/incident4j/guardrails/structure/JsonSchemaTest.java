// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import static io.github.incident4j.guardrails.structure.Verdicts.blocked;
import static io.github.incident4j.guardrails.structure.Verdicts.passes;
import static io.github.incident4j.guardrails.structure.Verdicts.rewritten;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemaTest {
    private static final String SCHEMA = """
            {"type": "object",
             "properties": {
               "decision": {"enum": ["approve", "decline"]},
               "score": {"type": "number", "minimum": 0, "maximum": 1},
               "code": {"type": "string", "pattern": "^[A-Z]{2}$"}},
             "required": ["decision"],
             "additionalProperties": false}""";
    private final Guardrail<String> rail =
            StructureRails.json(JsonOptions.strict().extracted().schema(SCHEMA));

    @Test
    void whatMeetsTheSchema_passes() {
        assertThat(rail.faults()).isEmpty();
        passes(rail, "{\"decision\": \"approve\", \"score\": 0.5, \"code\": \"AB\"}");
        assertThat(rewritten(rail, "So: {\"decision\": \"decline\"}").value()).isEqualTo("{\"decision\": \"decline\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{}|required \"decision\" at /required",
                "{\"decision\":\"SECRET\"}|enum at /properties/decision/enum",
                "{\"decision\":\"approve\",\"score\":\"SECRET\"}|type at /properties/score/type",
                "{\"decision\":\"approve\",\"score\":7}|maximum at /properties/score/maximum",
                "{\"decision\":\"approve\",\"code\":\"SECRET\"}|pattern at /properties/code/pattern",
                "{\"decision\":\"approve\",\"SECRET\":1}|additionalProperties at /additionalProperties",
                "[\"SECRET\"]|type at /type"
            })
    void whatDoesNot_isBlocked_byKeyword_withoutTheValue(String text, String named) {
        assertThat(blocked(rail, text).rule()).isEqualTo("json-schema");
        assertThat(blocked(rail, text).message())
                .isEqualTo("the JSON does not meet its schema: " + named)
                .doesNotContain("SECRET");
    }

    @Test
    void manyErrors_giveAShortMessage() {
        Guardrail<String> numbers =
                StructureRails.json(JsonOptions.strict().schema("{\"items\": {\"type\": \"number\"}}"));
        assertThat(blocked(numbers, "[\"\",\"\",\"\",\"\",\"\",\"\",\"\"]").message())
                .endsWith(" and 2 more");
    }

    @Test
    void patterns_takeLinearTime() {
        Guardrail<String> slow = StructureRails.json(JsonOptions.strict().schema("{\"pattern\": \"^(a+)+$\"}"));
        assertThat(blocked(slow, "\"" + "a".repeat(5_000) + "!\"").rule()).isEqualTo("json-schema");
    }

    @Test
    void badSchemas_areFaults() {
        assertThat(StructureRails.json(JsonOptions.strict().schema("{")).faults())
                .singleElement()
                .asString()
                .startsWith("json: the schema is not JSON");
        assertThat(StructureRails.json(JsonOptions.strict().schema("{\"pattern\": \"(?=a)\"}"))
                        .faults())
                .singleElement()
                .asString()
                .startsWith("json: the schema cannot be used");
        assertThat(StructureRails.json(JsonOptions.strict().schema("{\"$ref\": \"https://example.invalid/s.json\"}"))
                        .faults())
                .hasSize(1);
    }

    /** The classes of this library anew, without the libraries that are optional. */
    private static final class Without extends ClassLoader {
        private final List<String> missing;

        Without(String... missing) {
            super(JsonSchemaTest.class.getClassLoader());
            this.missing = List.of(missing);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (missing.stream().anyMatch(name::startsWith)) {
                throw new ClassNotFoundException(name);
            }
            // JUnit and the interface of guardrails stay those of the test.
            if (!name.startsWith("io.github.incident4j.guardrails.structure.")
                    && !name.startsWith("io.github.incident4j.guardrails.internal.")
                    && !name.startsWith("com.networknt.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in =
                    JsonSchemaTest.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static List<String> faultsWithout(String library, String schema) throws ReflectiveOperationException {
        ClassLoader loader = new Without(library);
        Class<?> options = loader.loadClass(JsonOptions.class.getName());
        Object strict = options.getMethod("strict").invoke(null);
        Object given = options.getMethod("schema", String.class).invoke(strict, schema);
        Object rail = loader.loadClass(StructureRails.class.getName())
                .getMethod("json", options)
                .invoke(null, given);
        return ((Guardrail<?>) rail).faults();
    }

    @Test
    void withoutTheLibrary_theClassLoads_andTheFaultNamesIt() throws ReflectiveOperationException {
        assertThat(faultsWithout("com.networknt.", "{}"))
                .containsExactly("json: a schema needs a validator; add the dependency"
                        + " com.networknt:json-schema-validator, version 2.0.x");
        assertThat(faultsWithout("com.google.re2j.", "{\"pattern\": \"a\"}"))
                .containsExactly(
                        "json: the schema has patterns, which need RE2/J; add the dependency com.google.re2j:re2j");
        assertThat(faultsWithout("nothing.", "{\"pattern\": \"a\"}")).isEmpty();
    }

    @Test
    void withoutTheLibrary_theRestWorks() throws ReflectiveOperationException {
        Object rail = new Without("com.networknt.", "com.google.re2j.")
                .loadClass(StructureRails.class.getName())
                .getMethod("json")
                .invoke(null);
        assertThat(((Guardrail<?>) rail).faults()).isEmpty();
    }
}
