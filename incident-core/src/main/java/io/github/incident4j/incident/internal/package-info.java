// SPDX-License-Identifier: Apache-2.0
/** How incidents are opened, joined and kept. Not exported; only other rooms use it. */
@NullMarked
package io.github.incident4j.incident.internal;

import org.jspecify.annotations.NullMarked;
