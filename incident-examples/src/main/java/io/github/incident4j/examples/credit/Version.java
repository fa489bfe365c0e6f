// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

/**
 * A version of the model in production, fed by the deployed pipeline.
 *
 * @param model the model
 * @param pipeline what feeds it
 */
record Version(CreditModel model, DeployedPipeline pipeline) {

    /** The answer in production. */
    Score score(Application application) {
        return model.score(application, pipeline.release());
    }

    /** The answer with the encoding on which the model was trained. */
    Score scoreEncodedRight(Application application) {
        return model.score(application, FeaturePipeline.RELEASE_4_1);
    }
}
