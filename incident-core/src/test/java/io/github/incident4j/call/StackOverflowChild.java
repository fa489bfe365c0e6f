// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.RefusedException;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Fills the stack by calls, again and again, and says what became of them; see {@link StackOverflowTest}. */
final class StackOverflowChild {
    private static final int ROUNDS = 100;
    private static final int STACK = 128 << 10;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final AtomicInteger asked = new AtomicInteger();
    private final GuardedModel<String, String> endless;

    private StackOverflowChild(IncidentRuntime runtime) {
        endless = runtime.<String, String>guard("endless")
                .route("v1", this::again)
                .withoutBreaker()
                .requireAuditTrail()
                .build();
    }

    public static void main(String[] args) throws Exception {
        if (args[0].equals("breaker")) {
            new HalfLeft().run();
            return;
        }
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(Path.of(args[1])).build()) {
            StackOverflowChild child = new StackOverflowChild(runtime);
            for (int depth = 0; depth < ROUNDS; depth++) {
                int from = depth;
                Thread thread = new Thread(null, () -> child.fill(from), "endless", STACK);
                thread.start();
                thread.join();
                check(runtime.awaitQuiet(LIMIT), "the trail stands still after round " + depth);
            }
            // A call after all those; its number in the guard says how many there were.
            Decision<String> last = child.endless.decide("end");
            check(last instanceof Decision.Answered, "the guard refuses: " + last);
            check(runtime.awaitQuiet(LIMIT), "the trail stands still");
            long recorded = count(runtime, "decision");
            long lost = lost(runtime);
            long numbered = last.id().number() + 1;
            check(child.asked.get() > ROUNDS, "so many calls asked their route: " + child.asked);
            // A call that fills the stack before its route is asked may not have begun.
            check(
                    recorded + lost >= child.asked.get() && recorded + lost <= numbered,
                    recorded + " are on record and " + lost + " counted as lost, of " + child.asked + " to "
                            + numbered);
            System.out.println("each call is accounted for: " + child.asked);
        }
    }

    private String again(String input) {
        asked.incrementAndGet();
        return input.equals("end") ? input : endless.call(input);
    }

    /** From another depth each time, so that the stack is full at another place. */
    private void fill(int depth) {
        if (depth > 0) {
            fill(depth - 1);
            return;
        }
        try {
            endless.call("a");
        } catch (StackOverflowError | RefusedException e) { // as it must
            return;
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            System.out.println(otherwise);
            Runtime.getRuntime().halt(1); // a runtime whose trail stands still does not close
        }
    }

    private static long count(IncidentRuntime runtime, String type) throws Exception {
        try (Stream<TrailRecord> records = runtime.trail().query().type(type).records()) {
            return records.count();
        }
    }

    private static long lost(IncidentRuntime runtime) throws Exception {
        try (Stream<TrailRecord> records =
                runtime.trail().query().type("trail.gap").records()) {
            return records.mapToLong(
                            gap -> Long.parseLong(String.valueOf(gap.members().get("lost"))))
                    .sum();
        }
    }

    /** A breaker that is to leave its open state, or its closed one, where there is no room for all of the way. */
    private static final class HalfLeft {
        private static final int DEPTHS = 150;

        private boolean broken;
        private int reached;

        void run() throws Exception {
            try (IncidentRuntime runtime = IncidentRuntime.builder().ephemeral().build()) {
                GuardedModel<String, String> model = runtime.<String, String>guard("model")
                        .route("v1", input -> {
                            if (broken) {
                                throw new IllegalStateException("broken");
                            }
                            return input;
                        })
                        .breaker(CircuitBreakerConfig.custom()
                                .slidingWindowSize(1)
                                .minimumNumberOfCalls(1)
                                .permittedNumberOfCallsInHalfOpenState(1)
                                .waitDurationInOpenState(Duration.ofMillis(1))
                                .maxWaitDurationInHalfOpenState(Duration.ofMillis(20))
                                .build())
                        .build();
                filled(() -> descend(Integer.MAX_VALUE, model));
                int deepest = reached;
                for (int above = 1; above <= DEPTHS; above++) {
                    broken = true;
                    model.decide("opens it");
                    broken = false;
                    long opened = System.nanoTime();
                    while (System.nanoTime() - opened < 2_000_000) {
                        Thread.onSpinWait();
                    }
                    int depth = deepest - above;
                    filled(() -> descend(depth, model));
                    comesBack(model, above);
                    broken = true;
                    filled(() -> descend(depth, model)); // from closed to open, this time
                    broken = false;
                    comesBack(model, above);
                }
                System.out.println("the breaker has come back each time");
            }
        }

        private void filled(Runnable task) throws InterruptedException {
            reached = 0;
            Thread thread = new Thread(
                    null,
                    () -> {
                        try {
                            task.run();
                        } catch (StackOverflowError e) { // as it must
                            return;
                        }
                    },
                    "deep",
                    STACK);
            thread.start();
            thread.join();
        }

        private void descend(int left, GuardedModel<String, String> model) {
            reached++;
            if (left == 0) {
                model.decide("deep");
                return;
            }
            descend(left - 1, model);
        }

        private static void comesBack(GuardedModel<String, String> model, int above) {
            long end = System.nanoTime() + LIMIT.toNanos();
            while (!(model.decide("back") instanceof Decision.Answered)) {
                check(System.nanoTime() < end, "the breaker does not come back after an end " + above + " frames deep");
            }
        }
    }
}
