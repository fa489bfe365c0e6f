// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import io.github.incident4j.model.Finding;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Looks for an answer whose vector lies near that of no source. */
record Similarity(Embedding embedding, double least) {
    static final String NAME = "similarity";

    @Nullable
    Finding in(String answer, Collection<String> sources) {
        float[] said = embedding.embed(answer);
        double best = -1;
        for (String source : sources) {
            double cosine = cosine(said, embedding.embed(source));
            if (Double.isNaN(cosine)) {
                return new Finding(
                        NAME, "no-embedding", "the vectors have different lengths, or one is zero or not finite");
            }
            best = Math.max(best, cosine);
        }
        return best >= least
                ? null
                : new Finding(
                        NAME,
                        "ungrounded",
                        "the cosine with the nearest source is " + Math.round(100 * best) / 100.0 + ", below " + least);
    }

    /** NaN where there is none. */
    private static double cosine(float[] a, float[] b) {
        if (a.length != b.length) {
            return Double.NaN;
        }
        double product = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            ofA += (double) a[i] * a[i];
            ofB += (double) b[i] * b[i];
        }
        double cosine = product / Math.sqrt(ofA * ofB);
        return Double.isFinite(cosine) ? cosine : Double.NaN;
    }
}
