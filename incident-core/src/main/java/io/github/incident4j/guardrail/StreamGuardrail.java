// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrail;

import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges a stream as a whole: a guardrail with a memory. It may hold elements back until it knows enough, so that what
 * is cut over two elements does not slip through.
 *
 * <p>The guardrail itself is immutable and safe for use by several threads. Each attempt of a route opens a session of
 * its own: what the session of a failed route has held back is dropped with it, and the next route begins without any
 * memory of it.
 *
 * @param <T> the elements
 */
public interface StreamGuardrail<T> {

    /** {@return the name under which findings are recorded; must be a legal name} */
    String name();

    /**
     * What is wrong with this guardrail's configuration. The guard's builder reports the faults of all its parts in one
     * exception; a factory of guardrails therefore does not throw by itself.
     *
     * @return one sentence for each fault, with the value and the remedy; empty when all is well
     */
    default List<String> faults() {
        return List.of();
    }

    /**
     * Begins with the stream of a route.
     *
     * @return a session without memory, not null
     */
    Session<T> open();

    /**
     * The memory of one stream. It is called by one thread at a time, though not always by the same one, is quick and
     * does no I/O. One that throws, or returns null, has failed: the stream is blocked, unless the options of the
     * guardrail say otherwise, and the session is not called again. Neither is it after its end or a block.
     *
     * @param <T> the elements
     */
    interface Session<T> {

        /**
         * Takes the next element.
         *
         * @param element the element, not null
         * @return what follows from it, not null
         */
        Step<T> next(T element);

        /**
         * Says that the stream has come to its end. It is not called for a stream that fails, is blocked or is cut.
         *
         * @return what may still be passed on, not null
         */
        Step<T> end();
    }

    /**
     * What follows from an element, or from the end.
     *
     * @param elements what is passed on now, in its order; most often nothing or one element, and it need not be the
     *     one that came
     * @param remarks what goes on record and stops nothing
     * @param block why the stream ends behind these elements, if it does
     * @param <T> the elements
     */
    record Step<T>(List<T> elements, List<Remark> remarks, Optional<Finding> block) {

        /**
         * Keeps copies of the lists.
         *
         * @param elements what is passed on now, without null
         * @param remarks what goes on record
         * @param block why the stream ends behind these elements, if it does
         */
        public Step {
            elements = List.copyOf(elements);
            remarks = List.copyOf(remarks);
        }

        /**
         * Something is held back, or left out.
         *
         * @param <T> the elements
         * @return a step without elements
         */
        public static <T> Step<T> hold() {
            return pass(List.of());
        }

        /**
         * One element is passed on.
         *
         * @param element the element
         * @param <T> the elements
         * @return a step with this element
         */
        public static <T> Step<T> pass(T element) {
            return pass(List.of(element));
        }

        /**
         * Some elements are passed on.
         *
         * @param elements the elements in their order
         * @param <T> the elements
         * @return a step with these elements
         */
        public static <T> Step<T> pass(List<T> elements) {
            return new Step<>(elements, List.of(), Optional.empty());
        }

        /**
         * This step, with something on record that stays in the stream.
         *
         * @param finding what was found
         * @return the step with that
         */
        public Step<T> flag(Finding finding) {
            return with(new Remark(finding, false));
        }

        /**
         * This step, with something on record that was replaced.
         *
         * @param finding what was found
         * @return the step with that
         */
        public Step<T> rewrite(Finding finding) {
            return with(new Remark(finding, true));
        }

        private Step<T> with(Remark remark) {
            List<Remark> more = new ArrayList<>(remarks);
            more.add(remark);
            return new Step<>(elements, more, block);
        }

        /**
         * This step, with the end of the stream behind its elements: the route has failed, and what follows is what
         * follows an answer that was blocked.
         *
         * @param finding why
         * @return the step with that
         */
        public Step<T> block(Finding finding) {
            return new Step<>(elements, remarks, Optional.of(finding));
        }
    }
}
