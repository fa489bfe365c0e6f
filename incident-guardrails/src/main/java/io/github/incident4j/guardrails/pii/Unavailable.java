// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stands in for a rule that cannot be made; a guardrail with it is not built. */
record Unavailable(String rule, String fault) implements Recogniser {

    @Override
    public String category() {
        return Pii.CATEGORY;
    }

    @Override
    public String triggers() {
        return "+";
    }

    @Override
    public List<String> faults() {
        return List.of(fault);
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        return null;
    }
}
