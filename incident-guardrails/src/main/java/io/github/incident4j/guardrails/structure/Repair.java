// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

/** The defects of JSON that can be repaired without a guess at what was meant. */
enum Repair {
    BYTE_ORDER_MARK("byte order mark"),
    COMMENT("comment"),
    TRAILING_COMMA("trailing comma"),
    SINGLE_QUOTES("string in single quotes"),
    TYPOGRAPHIC_QUOTES("string in typographic quotes"),
    UNQUOTED_KEY("key without quotes"),
    PYTHON_CONSTANT("constant of Python"),
    BARE_CONTROL("line break or tab within a string"),
    MISSING_BRACKET("missing closing bracket");

    private final String words;

    Repair(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
