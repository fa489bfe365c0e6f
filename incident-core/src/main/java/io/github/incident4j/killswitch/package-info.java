// SPDX-License-Identifier: Apache-2.0
/**
 * Kill switches: stops on a scope that survive a restart. One volatile read decides when nothing is set.
 *
 * <p>Start with {@link io.github.incident4j.killswitch.KillSwitches}. No parameter or result is null unless it says so.
 */
@NullMarked
package io.github.incident4j.killswitch;

import org.jspecify.annotations.NullMarked;
