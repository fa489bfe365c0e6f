// SPDX-License-Identifier: Apache-2.0
/**
 * A credit scorer goes wrong for one group although every single answer looks fine. Start with
 * {@link io.github.incident4j.examples.credit.CreditScoringStory}.
 */
@NullMarked
package io.github.incident4j.examples.credit;

import org.jspecify.annotations.NullMarked;
