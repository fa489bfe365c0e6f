// SPDX-License-Identifier: Apache-2.0
/**
 * Guardrails on personal data in texts: {@link io.github.incident4j.guardrails.pii.PiiRails}. No parameter or result is
 * null.
 */
@NullMarked
package io.github.incident4j.guardrails.pii;

import org.jspecify.annotations.NullMarked;
