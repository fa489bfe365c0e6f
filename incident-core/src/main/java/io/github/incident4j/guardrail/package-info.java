// SPDX-License-Identifier: Apache-2.0
/**
 * The guardrail interface: a check on what goes into a model or comes out of it. Ready-made rails live in the module
 * incident-guardrails; a rail of your own is one method.
 *
 * <p>Start with {@link io.github.incident4j.guardrail.Guardrail}. No parameter or result is null.
 */
@NullMarked
package io.github.incident4j.guardrail;

import org.jspecify.annotations.NullMarked;
