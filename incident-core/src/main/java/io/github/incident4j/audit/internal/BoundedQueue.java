// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A queue for many producers and one consumer that takes no lock, never waits and has a bound. An element is in it by
 * one compare-and-set, so that no error of the JVM, such as a stack overflow in the midst of an offer, leaves a place
 * claimed but empty, for which the consumer would wait for ever; an array with an index for producers would.
 *
 * @param <E> the elements
 */
public final class BoundedQueue<E> {
    private final ConcurrentLinkedQueue<E> elements = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger(); // elements, and those that are about to be

    /**
     * Appends an element if fewer than so many wait; from any thread.
     *
     * @param element the element
     * @param limit how many may wait before it
     * @return whether it was taken
     */
    public boolean offer(E element, int limit) {
        if (size.getAndIncrement() >= limit) {
            size.getAndDecrement();
            return false;
        }
        try {
            return elements.offer(element);
        } catch (Error e) { // of the JVM: no memory, or no stack
            size.getAndDecrement();
            throw e;
        }
    }

    /** {@return how many elements wait, or are about to} */
    public int size() {
        return size.get();
    }

    /** {@return whether no element waits} */
    public boolean isEmpty() {
        return elements.isEmpty();
    }

    /** {@return the element that has waited longest, which stays; null if there is none} */
    public @Nullable E peek() {
        return elements.peek();
    }

    /** {@return the element that has waited longest, which is removed; null if there is none} */
    public @Nullable E poll() {
        E element = elements.poll();
        if (element != null) {
            size.getAndDecrement();
        }
        return element;
    }
}
