// SPDX-License-Identifier: Apache-2.0
/** How a guarded call is carried out. Not exported; only the builder and the runtime use it. */
@NullMarked
package io.github.incident4j.call.internal;

import org.jspecify.annotations.NullMarked;
