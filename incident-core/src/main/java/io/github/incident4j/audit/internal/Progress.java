// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

/**
 * How far a stream got.
 *
 * @param elements how many elements were passed on
 * @param firstNanos how long until the first of them; negative if there was none
 */
public record Progress(long elements, long firstNanos) {}
