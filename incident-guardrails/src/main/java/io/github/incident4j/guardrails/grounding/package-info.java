// SPDX-License-Identifier: Apache-2.0
/**
 * Guardrails on answers that must rest on sources: {@link io.github.incident4j.guardrails.grounding.GroundingRails}. No
 * parameter or result is null.
 */
@NullMarked
package io.github.incident4j.guardrails.grounding;

import org.jspecify.annotations.NullMarked;
