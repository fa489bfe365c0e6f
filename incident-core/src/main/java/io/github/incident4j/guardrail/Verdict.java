// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrail;

import io.github.incident4j.model.Finding;

/**
 * What a guardrail says of a value.
 *
 * @param <T> the type of the value
 */
public sealed interface Verdict<T> {

    /**
     * Nothing is wrong.
     *
     * @param <T> the type of the value
     * @return the verdict; always the same instance, so that a pass allocates nothing
     */
    @SuppressWarnings("unchecked") // a pass holds no value, so one instance serves every type
    static <T> Verdict<T> pass() {
        return (Verdict<T>) Pass.INSTANCE;
    }

    /**
     * Go on with another value in place of this one.
     *
     * @param value the value to go on with
     * @param finding why
     * @param <T> the type of the value
     * @return the verdict
     */
    static <T> Verdict<T> rewrite(T value, Finding finding) {
        return new Rewrite<>(value, finding);
    }

    /**
     * Go on, but put it on record.
     *
     * @param finding why
     * @param <T> the type of the value
     * @return the verdict
     */
    static <T> Verdict<T> flag(Finding finding) {
        return new Flag<>(finding);
    }

    /**
     * Stop: an input goes to no route, an output does not reach the caller and the next route is tried.
     *
     * @param finding why
     * @param <T> the type of the value
     * @return the verdict
     */
    static <T> Verdict<T> block(Finding finding) {
        return new Block<>(finding);
    }

    /**
     * Ask the same route once more; a second {@code retry} for the same call, or one for an input, blocks.
     *
     * @param finding why
     * @param <T> the type of the value
     * @return the verdict
     */
    static <T> Verdict<T> retry(Finding finding) {
        return new Retry<>(finding);
    }

    /**
     * Nothing is wrong.
     *
     * @param <T> the type of the value
     */
    record Pass<T>() implements Verdict<T> {
        private static final Pass<Object> INSTANCE = new Pass<>();
    }

    /**
     * Go on with another value.
     *
     * @param value the value to go on with
     * @param finding why
     * @param <T> the type of the value
     */
    record Rewrite<T>(T value, Finding finding) implements Verdict<T> {}

    /**
     * Go on, on record.
     *
     * @param finding why
     * @param <T> the type of the value
     */
    record Flag<T>(Finding finding) implements Verdict<T> {}

    /**
     * Stop.
     *
     * @param finding why
     * @param <T> the type of the value
     */
    record Block<T>(Finding finding) implements Verdict<T> {}

    /**
     * Ask once more.
     *
     * @param finding why
     * @param <T> the type of the value
     */
    record Retry<T>(Finding finding) implements Verdict<T> {}
}
