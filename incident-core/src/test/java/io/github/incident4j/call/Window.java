// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.guardrail.StreamGuardrail;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** Holds the last elements back, up to a number. */
record Window<T>(String name, int size) implements StreamGuardrail<T> {

    @Override
    public Session<T> open() {
        Queue<T> held = new ArrayDeque<>();
        return new Session<>() {
            @Override
            public Step<T> next(T element) {
                held.add(element);
                return held.size() > size ? Step.pass(held.remove()) : Step.hold();
            }

            @Override
            public Step<T> end() {
                return Step.pass(List.copyOf(held));
            }
        };
    }
}
