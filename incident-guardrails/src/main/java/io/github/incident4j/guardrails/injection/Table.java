// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;

/** The tables of this package, which are part of the library. */
final class Table {
    private Table() {}

    /** The lines of a table that say something. */
    static Stream<String> lines(String name) {
        try (InputStream in = Objects.requireNonNull(Table.class.getResourceAsStream(name), name)) {
            return lines(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines());
        } catch (IOException e) {
            throw new UncheckedIOException("the table " + name + " cannot be read from the library's jar", e);
        }
    }

    static Stream<String> lines(Stream<String> table) {
        return table.map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#"));
    }
}
