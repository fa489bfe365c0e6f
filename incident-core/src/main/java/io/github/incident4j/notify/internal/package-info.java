// SPDX-License-Identifier: Apache-2.0
/** How events reach listeners. Not exported; only the runtime uses it. */
@NullMarked
package io.github.incident4j.notify.internal;

import org.jspecify.annotations.NullMarked;
