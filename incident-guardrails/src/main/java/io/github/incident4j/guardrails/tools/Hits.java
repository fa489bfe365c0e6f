// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.List;

/** The first faults of a call's arguments. */
final class Hits {
    private static final int MOST = 10;

    private record Hit(Path path, ArgumentFault fault) {}

    private final List<Hit> hits = new ArrayList<>();

    void add(Path path, ArgumentFault fault) {
        if (!isFull()) {
            hits.add(new Hit(path, fault));
        }
    }

    boolean isFull() {
        return hits.size() == MOST;
    }

    boolean isEmpty() {
        return hits.isEmpty();
    }

    Finding finding(String rule, String tool) {
        Hit first = hits.get(0);
        StringBuilder message = new StringBuilder("argument ")
                .append(first.path)
                .append(" of ")
                .append(tool)
                .append(' ')
                .append(first.fault.sentence());
        for (int i = 1; i < hits.size(); i++) {
            Hit hit = hits.get(i);
            message.append(i == 1 ? "; also " : ", ")
                    .append(hit.path)
                    .append(' ')
                    .append(hit.fault.category());
        }
        return new Finding(rule, first.fault.category(), message.toString());
    }
}
