// SPDX-License-Identifier: Apache-2.0
/**
 * What is done about an incident without waiting for a person.
 *
 * <p>Start with {@link io.github.incident4j.response.ResponsePlan}. No parameter or result is null.
 */
@NullMarked
package io.github.incident4j.response;

import org.jspecify.annotations.NullMarked;
