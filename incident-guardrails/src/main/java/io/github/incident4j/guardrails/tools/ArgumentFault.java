// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

/** What can be wrong with one argument. */
enum ArgumentFault {
    MISSING("missing-argument", "is missing"),
    UNKNOWN("unknown-argument", "is not declared"),
    WRONG_TYPE("wrong-type", "has a wrong type"),
    OUT_OF_RANGE("out-of-range", "lies outside its range"),
    NOT_ONE_OF("not-one-of", "is none of its values"),
    TOO_LONG("too-long", "is too long"),
    TOO_MANY("too-many", "has too many items");

    private final String category;
    private final String sentence;

    ArgumentFault(String category, String sentence) {
        this.category = category;
        this.sentence = sentence;
    }

    String category() {
        return category;
    }

    String sentence() {
        return sentence;
    }
}
