// SPDX-License-Identifier: Apache-2.0
/**
 * Guardrails on credentials in texts: {@link io.github.incident4j.guardrails.secrets.SecretRails}. No parameter or
 * result is null.
 */
@NullMarked
package io.github.incident4j.guardrails.secrets;

import org.jspecify.annotations.NullMarked;
