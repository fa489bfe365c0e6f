// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrail;

import io.github.incident4j.model.Finding;
import java.util.List;
import java.util.Objects;

/**
 * What a guardrail says of a value. It has one finding, the one that decided, and may have remarks: what else goes on
 * record, such as what was found of other categories. Detectors that watch a category see both.
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
        return rewrite(value, finding, List.of());
    }

    /**
     * Go on with another value in place of this one, with more on record.
     *
     * @param value the value to go on with
     * @param finding why
     * @param remarks what else goes on record, before the finding
     * @param <T> the type of the value
     * @return the verdict
     */
    static <T> Verdict<T> rewrite(T value, Finding finding, List<Remark> remarks) {
        return new Rewrite<>(value, finding, remarks);
    }

    /**
     * Go on, but put it on record.
     *
     * @param finding why
     * @param <T> the type of the value
     * @return the verdict
     */
    static <T> Verdict<T> flag(Finding finding) {
        return flag(finding, List.of());
    }

    /**
     * Go on, but put more than one finding on record.
     *
     * @param finding why
     * @param remarks what else goes on record, before the finding
     * @param <T> the type of the value
     * @return the verdict
     */
    static <T> Verdict<T> flag(Finding finding, List<Remark> remarks) {
        return new Flag<>(finding, remarks);
    }

    /**
     * Stop: an input goes to no route, an output does not reach the caller and the next route is tried.
     *
     * @param finding why
     * @param <T> the type of the value
     * @return the verdict
     */
    static <T> Verdict<T> block(Finding finding) {
        return block(finding, List.of());
    }

    /**
     * Stop, with more on record.
     *
     * @param finding why
     * @param remarks what else goes on record, before the finding
     * @param <T> the type of the value
     * @return the verdict
     */
    static <T> Verdict<T> block(Finding finding, List<Remark> remarks) {
        return new Block<>(finding, remarks);
    }

    /**
     * Ask the same route once more; a second {@code retry} for the same call, or one for an input, blocks.
     *
     * @param finding why
     * @param <T> the type of the value
     * @return the verdict
     */
    static <T> Verdict<T> retry(Finding finding) {
        return retry(finding, List.of());
    }

    /**
     * Ask the same route once more, with more on record.
     *
     * @param finding why
     * @param remarks what else goes on record, before the finding
     * @param <T> the type of the value
     * @return the verdict
     */
    static <T> Verdict<T> retry(Finding finding, List<Remark> remarks) {
        return new Retry<>(finding, remarks);
    }

    /** {@return what goes on record beside the finding that decided; empty for a pass} */
    default List<Remark> remarks() {
        return List.of();
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
     * @param remarks what else goes on record
     * @param <T> the type of the value
     */
    record Rewrite<T>(T value, Finding finding, List<Remark> remarks) implements Verdict<T> {
        /**
         * Keeps a copy of the remarks.
         *
         * @param value what is used instead
         * @param finding why
         * @param remarks what else goes on record
         */
        public Rewrite {
            Objects.requireNonNull(finding, "a verdict that is no pass needs a finding");
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * Go on, on record.
     *
     * @param finding why
     * @param remarks what else goes on record
     * @param <T> the type of the value
     */
    record Flag<T>(Finding finding, List<Remark> remarks) implements Verdict<T> {
        /**
         * Keeps a copy of the remarks.
         *
         * @param finding why
         * @param remarks what else goes on record
         */
        public Flag {
            Objects.requireNonNull(finding, "a verdict that is no pass needs a finding");
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * Stop.
     *
     * @param finding why
     * @param remarks what else goes on record
     * @param <T> the type of the value
     */
    record Block<T>(Finding finding, List<Remark> remarks) implements Verdict<T> {
        /**
         * Keeps a copy of the remarks.
         *
         * @param finding why
         * @param remarks what else goes on record
         */
        public Block {
            Objects.requireNonNull(finding, "a verdict that is no pass needs a finding");
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * Ask once more.
     *
     * @param finding why
     * @param remarks what else goes on record
     * @param <T> the type of the value
     */
    record Retry<T>(Finding finding, List<Remark> remarks) implements Verdict<T> {
        /**
         * Keeps a copy of the remarks.
         *
         * @param finding why
         * @param remarks what else goes on record
         */
        public Retry {
            Objects.requireNonNull(finding, "a verdict that is no pass needs a finding");
            remarks = List.copyOf(remarks);
        }
    }
}
