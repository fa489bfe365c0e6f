// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.guardrail.Guardrail;

/**
 * Guardrails on the form of an answer that a machine reads.
 *
 * <pre>{@code
 * .output(json(JsonOptions.strict().extracted().repaired()))
 * .output(Rails.retrying(oneOf("approve", "refer", "decline")))
 * }</pre>
 *
 * <p>A finding names what is wrong and, where it has one, the place in the text that was judged: line and column in
 * code points (in UTF-16 units for XML), both from 1. It never quotes the text, so it may go into a log, and into the
 * prompt of the next attempt, for which {@code presets.Rails.retrying} asks. The time is linear in the text (and, for a
 * schema, in the work that the schema asks for). A text that is missing (null) is blocked. No method here throws
 * because of what it is given: see {@link Guardrail#faults()}. A guardrail with faults blocks everything. All
 * guardrails may be used by several threads.
 */
public final class StructureRails {
    private static final int LENGTH = 1_000_000;
    private static final int DEPTH = 64;

    private StructureRails() {}

    /** {@return a guardrail that blocks what is not JSON; {@link JsonOptions#strict()}} */
    public static Guardrail<String> json() {
        return json(JsonOptions.strict());
    }

    /**
     * Passes one JSON value (RFC 8259) and blocks every other text: also one in which an object has a key twice, or
     * that is longer or deeper than the limits, or that does not meet the schema. As the options say, it takes the
     * value out of other text and repairs it; then the verdict is a rewrite, whose finding says what was done.
     *
     * <p>The guardrail's name is {@code json}, the rules of its findings are {@code json} and {@code json-schema}; the
     * categories are {@code not-json}, {@code duplicate-key}, {@code trailing-text}, {@code too-deep},
     * {@code too-long}, {@code ambiguous}, {@code schema} and {@code rewritten}.
     *
     * @param options what JSON, and what may be done to make it so
     * @return the guardrail
     */
    public static Guardrail<String> json(JsonOptions options) {
        return JsonRail.of(options);
    }

    /** {@return a guardrail that blocks what is not XML, with at most 1,000,000 UTF-16 units and 64 levels} */
    public static Guardrail<String> xml() {
        return xml(LENGTH, DEPTH);
    }

    /**
     * Passes well-formed XML 1.0 with namespaces. A document type declaration is blocked, and with it every entity but
     * the five of XML itself; nothing is fetched. The guardrail's name is {@code xml}; the categories are
     * {@code not-xml}, {@code document-type}, {@code entity}, {@code too-deep} and {@code too-long}.
     *
     * @param maxLength the most UTF-16 units of a text, from 1
     * @param maxDepth the most levels of elements, from 1 to 10,000
     * @return the guardrail
     */
    public static Guardrail<String> xml(int maxLength, int maxDepth) {
        return XmlRail.of(maxLength, maxDepth);
    }

    /**
     * Passes CSV as RFC 4180 lays it down, in which all records have the same number of fields. Lines end with CRLF or
     * LF. The guardrail's name is {@code csv}; the categories are {@code columns}, {@code header}, {@code quotes},
     * {@code rows}, {@code formula}, {@code empty} and {@code too-long}. A finding holds numbers and the header of the
     * options, never a field.
     *
     * @param options what CSV
     * @return the guardrail
     */
    public static Guardrail<String> csv(CsvOptions options) {
        return CsvRail.of(options);
    }

    /**
     * Passes an answer that is exactly one of these, character by character. The guardrail's name is {@code one-of},
     * the category {@code not-allowed}.
     *
     * @param answers what is allowed
     * @return the guardrail
     */
    public static Guardrail<String> oneOf(String... answers) {
        return OneOf.of(answers, false);
    }

    /**
     * As {@link #oneOf}, and an answer that is one of these but for case, white space, quotes, emphasis, code marks or
     * a full stop round it is rewritten to the form given here.
     *
     * @param answers what is allowed
     * @return the guardrail
     */
    public static Guardrail<String> oneOfForgiving(String... answers) {
        return OneOf.of(answers, true);
    }

    /**
     * Passes an answer of one of these layouts, as a whole. In a layout {@code 9} is a digit, {@code A} a capital
     * letter, {@code a} a small one, {@code X} a digit or letter, all of ASCII; a backslash makes the next character
     * itself, and any other is itself. The guardrail's name is {@code layout}.
     *
     * @param forms the layouts, such as {@code AA-9999}
     * @return the guardrail
     */
    public static Guardrail<String> layout(String... forms) {
        return Layout.of(forms);
    }
}
