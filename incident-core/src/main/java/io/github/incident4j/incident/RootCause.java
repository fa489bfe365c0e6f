// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

/** Why an incident happened. */
public enum RootCause {
    /** A change of the pipeline that makes the model's input, such as of the encoding of a variable. */
    DATA_PIPELINE_CHANGE,
    /** Data from elsewhere that is missing, late or wrong. */
    UPSTREAM_DATA_QUALITY,
    /** The world has changed, and the model has not. */
    MODEL_DRIFT,
    /** What the model was trained on. */
    TRAINING_DATA,
    /** A setting of the model, its prompts or its service. */
    CONFIGURATION,
    /** A supplier has changed what is called. */
    THIRD_PARTY_API_CHANGE,
    /** A case that nobody had thought of. */
    UNTESTED_EDGE_CASE,
    /** The model's answers have changed what it is fed with. */
    FEEDBACK_LOOP,
    /** Somebody has fed the model in order to make it err. */
    ADVERSARIAL_MANIPULATION,
    /** A feature is computed otherwise than in training. */
    FEATURE_COMPUTATION,
    /** A new version of the model is worse than the one before. */
    MODEL_VERSION
}
