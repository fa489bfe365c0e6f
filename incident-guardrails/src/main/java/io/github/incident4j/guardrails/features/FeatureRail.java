// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.features;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All features of an input in one guardrail. */
final class FeatureRail<T> implements Guardrail<T> {
    static final String NAME = "features";

    private static final int MOST_NAMED = 10;

    private final List<Feature<T>> features;
    private final Set<FeatureFault> blocking;

    FeatureRail(List<Feature<T>> features, Set<FeatureFault> blocking) {
        this.features = features;
        this.blocking = blocking;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Cost cost() {
        return Cost.CHEAP;
    }

    @Override
    public Verdict<T> check(T input) {
        List<Hit> hits = hitsIn(input);
        if (hits.isEmpty()) {
            return Verdict.pass();
        }
        Hit first = hits.get(0);
        boolean block = false;
        for (Hit hit : hits) {
            if (blocking.contains(hit.fault)) {
                first = hit;
                block = true;
                break;
            }
        }
        Finding finding = new Finding(NAME, first.fault.category(), messageOf(first, hits));
        return block ? Verdict.block(finding) : Verdict.flag(finding);
    }

    List<Hit> hitsIn(T input) {
        List<Hit> hits = List.of();
        for (Feature<T> feature : features) {
            int bits = feature.faultsIn(input);
            if (bits == 0) {
                continue;
            }
            hits = hits.isEmpty() ? new ArrayList<>() : hits;
            for (FeatureFault fault : FeatureFault.values()) {
                if (fault.isIn(bits)) {
                    hits.add(new Hit(feature.name(), fault));
                }
            }
        }
        return hits;
    }

    private static String messageOf(Hit first, List<Hit> hits) {
        StringBuilder message = new StringBuilder(first.sentence());
        int named = 0;
        for (Hit hit : hits) {
            if (!hit.equals(first) && named < MOST_NAMED) {
                message.append(named == 0 ? "; also " : ", ")
                        .append(hit.feature)
                        .append(' ')
                        .append(hit.fault.category());
                named++;
            }
        }
        int more = hits.size() - 1 - named;
        return more == 0
                ? message.toString()
                : message.append(" and ").append(more).append(" more").toString();
    }

    /** One fault of one feature. */
    record Hit(String feature, FeatureFault fault) {
        private String sentence() {
            return "the feature '" + feature + "' " + fault.sentence();
        }

        Finding finding() {
            return new Finding(NAME, fault.category(), sentence());
        }
    }
}
