// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import io.github.incident4j.guardrails.scan.View;
import io.github.incident4j.model.Finding;

/** What is said of things in an answer that stand in no source. */
final class Unsupported {

    private Unsupported() {}

    /** The finding; the span of the first is one of the view. */
    static Finding finding(String rule, String what, int missing, int all, View view, int start, int end) {
        return new Finding(
                rule,
                "ungrounded",
                missing + " of " + all + " " + what + (all == 1 ? "" : "s") + (missing == 1 ? " stands" : " stand")
                        + " in no source, the first at " + view.originalStart(start) + " to "
                        + view.originalEnd(end - 1));
    }
}
