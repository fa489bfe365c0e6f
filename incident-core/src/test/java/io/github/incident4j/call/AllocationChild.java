// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import com.sun.management.ThreadMXBean;
import io.github.incident4j.runtime.IncidentRuntime;
import java.lang.management.ManagementFactory;

/** Says how many bytes a call costs where nothing else has run in the JVM; see {@link AllocationTest}. */
final class AllocationChild {
    private static final int CALLS = 200_000;

    private AllocationChild() {}

    public static void main(String[] args) {
        try (IncidentRuntime runtime = IncidentRuntime.builder().ephemeral().build()) {
            GuardBuilder<String, String> guard = runtime.<String, String>guard("model")
                    .route("v8", input -> input)
                    .withoutAuditTrail()
                    .maxConcurrent(4);
            GuardedModel<String, String> model =
                    args[0].equals("limits") ? guard.withoutBreaker().build() : guard.build();
            ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            double least = Double.MAX_VALUE;
            for (int round = 0; round < 5; round++) {
                long before = thread.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < CALLS; i++) {
                    model.call("a");
                }
                least = Math.min(least, (thread.getCurrentThreadAllocatedBytes() - before) / (double) CALLS);
            }
            System.out.println("bytes a call: " + Math.round(least));
        }
    }
}
