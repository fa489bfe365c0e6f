// SPDX-License-Identifier: Apache-2.0
/**
 * Guardrails on prompt injection: rules that weigh what a text says, canary tokens that show that a prompt leaked, and
 * marks that keep untrusted text apart from instructions.
 */
@NullMarked
package io.github.incident4j.guardrails.injection;

import org.jspecify.annotations.NullMarked;
