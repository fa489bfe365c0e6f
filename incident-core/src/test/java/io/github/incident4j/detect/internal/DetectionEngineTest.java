// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.detect.Detectors;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DetectionEngineTest {
    static GuardInfo guard(String model) {
        return GuardInfos.of(1, model, List.of(), List.of("denials"), Durability.GROUP);
    }

    static DecisionRecord decision(GuardInfo guard, long number) {
        return DecisionRecord.answered(
                guard, number, 0, 1, 0, 0, -1, List.of(), List.of(), new @Nullable String[0], new double[] {0}, null);
    }

    /** A share without the warm-up made a containment look effective too soon. */
    @Test
    void shareOfTheTraffic_countsTheWarmUpToo() {
        DetectionEngine engine = Engines.telling(signal -> {});
        GuardInfo large = guard("large");
        GuardInfo small = guard("small");
        for (GuardInfo each : List.of(large, small)) {
            Engines.register(
                    engine,
                    each,
                    Detectors.<Boolean>rate("denials", denied -> denied).warmUp(1_000));
        }
        int judged = 0;
        for (int i = 0; i < 1_200; i++) {
            judged += engine.observe(decision(i % 10 == 0 ? small : large, i), i) ? 1 : 0;
        }
        assertThat(judged).as("decisions after the warm-up of 1,000").isEqualTo(80);
        assertThat(engine.shareOf("large")).isEqualTo(0.9);
        assertThat(engine.shareOf("small")).isEqualTo(0.1);
    }
}
