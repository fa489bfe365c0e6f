// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.features;

/** What can be wrong with one feature of an input. */
public enum FeatureFault {
    /** It is null, an empty {@code Optional} or a blank text, and it is not optional. */
    MISSING(1, "missing", "is missing"),
    /** A number came as a text, a category as a fraction or a list, or the function could not cast it. */
    WRONG_TYPE(2, "wrong-type", "has a wrong type"),
    /** It is NaN or infinite. */
    NOT_A_NUMBER(4, "not-a-number", "is NaN or infinite"),
    /** It lies outside its range. */
    OUT_OF_RANGE(8, "out-of-range", "lies outside its range"),
    /** Its size is far from the scale of the feature. */
    UNIT_CHANGE(16, "unit-change", "is far from its scale, as after a change of its unit"),
    /** It is none of the categories that are declared or were learned. */
    UNSEEN_CATEGORY(32, "unseen-category", "is in none of its categories, as after a change of its encoding");

    private final int bit;
    private final String category;
    private final String sentence;

    FeatureFault(int bit, String category, String sentence) {
        this.bit = bit;
        this.category = category;
        this.sentence = sentence;
    }

    /** {@return the category of its findings} */
    public String category() {
        return category;
    }

    String sentence() {
        return sentence;
    }

    int bit() {
        return bit;
    }

    boolean isIn(int bits) {
        return (bits & bit) != 0;
    }
}
