// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrail;

import io.github.incident4j.model.Finding;
import java.util.Objects;

/**
 * Something that goes on record and stops nothing.
 *
 * @param finding what was found
 * @param rewritten whether it was replaced; else it stays in the value, or in the stream
 */
public record Remark(Finding finding, boolean rewritten) {
    /**
     * Says that there is a finding.
     *
     * @param finding what was found
     * @param rewritten whether it was replaced
     */
    public Remark {
        Objects.requireNonNull(finding, "a remark needs a finding");
    }
}
