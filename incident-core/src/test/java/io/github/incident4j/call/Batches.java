// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.guardrail.StreamGuardrail;
import java.util.ArrayList;
import java.util.List;

/** Lets elements out so many at once. */
record Batches<T>(String name, int size) implements StreamGuardrail<T> {

    @Override
    public Session<T> open() {
        List<T> held = new ArrayList<>();
        return new Session<>() {
            @Override
            public Step<T> next(T element) {
                held.add(element);
                return held.size() < size ? Step.hold() : end();
            }

            @Override
            public Step<T> end() {
                Step<T> all = Step.pass(held);
                held.clear();
                return all;
            }
        };
    }
}
