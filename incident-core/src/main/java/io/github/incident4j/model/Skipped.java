// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

/**
 * A route that was tried or considered and did not answer.
 *
 * @param route the route's name
 * @param failure why it did not answer
 */
public record Skipped(String route, Failure failure) {}
