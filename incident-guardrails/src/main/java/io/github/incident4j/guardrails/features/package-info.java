// SPDX-License-Identifier: Apache-2.0
/**
 * Guardrails on the features that go into a model: {@link io.github.incident4j.guardrails.features.FeatureRails}. No
 * parameter or result is null.
 */
@NullMarked
package io.github.incident4j.guardrails.features;

import org.jspecify.annotations.NullMarked;
