// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import io.github.incident4j.guardrails.words.Words;

/** Stands in for a model: texts of the same words have the same direction, whatever their order. */
final class HashedWords implements Embedding {
    private static final int LENGTH = 256;

    @Override
    public float[] embed(String text) {
        float[] vector = new float[LENGTH];
        Words words = Words.of(text);
        for (int i = 0; i < words.size(); i++) {
            vector[Math.floorMod(words.hash(i), LENGTH)]++;
        }
        return vector;
    }
}
