// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.Decision;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A route that calls its own guard without end fills the stack, wherever in our own code it may end. */
class StackOverflowTest extends CallTestBase {
    private static final int ROUNDS = 300;
    private static final int STACK = 256 << 10;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callsThatFillTheStack_areOnRecordOrCountedAndTheTrailGoesOn(boolean required) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Function<String, String>[] again = itself();
        GuardBuilder<String, String> builder = guard().route("v1", input -> {
                    asked.incrementAndGet();
                    return again[0].apply(input);
                })
                .withoutBreaker();
        GuardedModel<String, String> endless =
                required ? builder.requireAuditTrail().build() : builder.build();
        again[0] = input -> endless.call(input);
        for (int i = 0; i < ROUNDS; i++) {
            int depth = i;
            Thread thread = new Thread(null, () -> fill(depth, endless), "endless", STACK);
            thread.start();
            thread.join();
        }
        GuardedModel<String, String> sound = runtime.<String, String>guard("sound")
                .route("v1", input -> input)
                .requireAuditTrail()
                .build();
        assertThat(sound.decide("b")).isInstanceOf(Decision.Answered.class);
        List<TrailRecord> decisions = records("decision");
        long lost = records("trail.gap").stream()
                .mapToLong(gap -> Long.parseLong(String.valueOf(gap.members().get("lost"))))
                .sum();
        String last =
                String.valueOf(decisions.get(decisions.size() - 2).members().get("id"));
        assertThat(lost).isLessThan(decisions.size());
        assertThat(decisions.size() - 1 + lost).as("calls that began, the last of them: %s", last);
    }

    /** From another depth each time, so that the stack is full at another place. */
    private static void fill(int depth, GuardedModel<String, String> endless) {
        if (depth > 0) {
            fill(depth - 1, endless);
            return;
        }
        try {
            endless.call("a");
        } catch (StackOverflowError e) { // as it must
            return;
        }
    }

    @SuppressWarnings("unchecked")
    private static Function<String, String>[] itself() {
        return (Function<String, String>[]) List.of(Function.<String>identity()).toArray(new Function<?, ?>[1]);
    }
}
