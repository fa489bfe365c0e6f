// SPDX-License-Identifier: Apache-2.0
/**
 * Plugs for what needs a model: a classifier of texts, and a judge. They become guardrails with a time limit, a failure
 * policy, batches, a cache and metrics.
 *
 * <p>Start with {@link io.github.incident4j.guardrails.plugs.Plugs}. No parameter or result is null.
 */
@NullMarked
package io.github.incident4j.guardrails.plugs;

import org.jspecify.annotations.NullMarked;
