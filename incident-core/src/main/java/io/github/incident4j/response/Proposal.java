// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response;

/**
 * A containment that waits for a person's approval.
 *
 * @param incident the incident's id
 * @param number its number within the incident, for {@link Responses#approve(String, int,
 *     io.github.incident4j.model.Cause)}
 * @param containment what it is, in words
 * @param route for which version of the model, or blank if it is about the whole model
 */
public record Proposal(String incident, int number, String containment, String route) {}
