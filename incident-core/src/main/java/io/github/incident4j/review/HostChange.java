// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import java.time.Instant;

/**
 * A change that the host has told: a deployment, a configuration.
 *
 * @param what what was changed, such as {@code feature pipeline 4.2 deployed}
 * @param at when it took effect
 * @param by who changed it
 * @param because why
 */
public record HostChange(String what, Instant at, String by, String because) {}
