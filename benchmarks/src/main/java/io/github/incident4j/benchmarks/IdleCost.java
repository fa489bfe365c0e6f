// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the threads of a runtime cost while nothing happens. A program of its own, since JMH measures calls. */
public final class IdleCost {
    private static final long SETTLE_SECONDS = 5;
    private static final long SECONDS = 20;

    private IdleCost() {}

    /**
     * Opens a runtime, lets it rest, and prints the share of a core that each of its threads takes.
     *
     * @param args not used
     * @throws IOException if the directory cannot be made
     * @throws InterruptedException if somebody stops it
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("incident4j-idle");
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory).build()) {
            runtime.<String, String>guard("model")
                    .route("v1", input -> input)
                    .build()
                    .call("a");
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            Map<String, Long> before = cpu(threads);
            long start = System.nanoTime();
            TimeUnit.SECONDS.sleep(SECONDS);
            double wall = System.nanoTime() - start;
            double sum = 0;
            for (Map.Entry<String, Long> after : cpu(threads).entrySet()) {
                double share = 100 * (after.getValue() - before.getOrDefault(after.getKey(), 0L)) / wall;
                sum += share;
                System.out.printf("%-28s %.3f %% of a core%n", after.getKey(), share);
            }
            System.out.printf("%-28s %.3f %% of a core%n", "all", sum);
        }
        Decisions.remove(directory);
    }

    private static Map<String, Long> cpu(ThreadMXBean threads) {
        Map<String, Long> nanos = new TreeMap<>();
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo thread = threads.getThreadInfo(id);
            if (thread != null && thread.getThreadName().startsWith("incident4j")) {
                nanos.put(thread.getThreadName(), threads.getThreadCpuTime(id));
            }
        }
        return nanos;
    }
}
