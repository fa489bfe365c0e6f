// SPDX-License-Identifier: Apache-2.0
/**
 * Guardrails on numbers: {@link io.github.incident4j.guardrails.numeric.NumericRails}. No parameter or result is null.
 */
@NullMarked
package io.github.incident4j.guardrails.numeric;

import org.jspecify.annotations.NullMarked;
