// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

/**
 * What a judge says of a text.
 *
 * @param ruling what to do
 * @param category why: one of the categories that were declared, so that no words of the model get into findings; of no
 *     meaning for {@link Ruling#PASS}
 */
public record Judgement(Ruling ruling, String category) {

    /** What a judge can say. */
    public enum Ruling {
        /** Nothing is wrong. */
        PASS,
        /** Go on, but put it on record. */
        FLAG,
        /** Ask the same route once more. */
        RETRY,
        /** Stop. */
        BLOCK
    }

    /** {@return the judgement that nothing is wrong} */
    public static Judgement pass() {
        return new Judgement(Ruling.PASS, "");
    }
}
