// SPDX-License-Identifier: Apache-2.0
/**
 * What people ask of incidents afterwards, answered from the audit trail alone: the incidents as they were, how fast
 * they were noticed, contained and resolved, and the post-incident review.
 *
 * <p>Start with {@link io.github.incident4j.review.IncidentHistory} and {@link io.github.incident4j.review.Review}. No
 * parameter or result is null.
 */
@NullMarked
package io.github.incident4j.review;

import org.jspecify.annotations.NullMarked;
