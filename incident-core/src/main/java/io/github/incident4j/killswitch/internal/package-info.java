// SPDX-License-Identifier: Apache-2.0
/** The switch table that the hot path reads, and the file behind it. Not exported; only other rooms use it. */
@NullMarked
package io.github.incident4j.killswitch.internal;

import org.jspecify.annotations.NullMarked;
