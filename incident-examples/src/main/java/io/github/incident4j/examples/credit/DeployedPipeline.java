// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

/** The one feature pipeline in production, which feeds every version of the model. */
final class DeployedPipeline {
    private volatile FeaturePipeline release = FeaturePipeline.RELEASE_4_1;

    void deploy(FeaturePipeline newRelease) {
        release = newRelease;
    }

    FeaturePipeline release() {
        return release;
    }
}
