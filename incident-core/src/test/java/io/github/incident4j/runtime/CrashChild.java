// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.call.AuditOptions;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.call.PayloadEncoder;
import io.github.incident4j.call.PayloadPolicy;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Scope;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Decides and kills without end, and names what was acknowledged as durable; see {@link CrashTest}. */
final class CrashChild {
    private CrashChild() {}

    public static void main(String[] args) throws Exception {
        PrintStream out =
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);
        out.println("opening");
        long began = System.nanoTime();
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(Path.of(args[0])).build()) {
            out.println("opened " + (System.nanoTime() - began));
            GuardedModel<String, String> model = runtime.<String, String>guard("model")
                    .route("v1", input -> input)
                    .build();
            Thread load = new Thread(() -> {
                while (true) {
                    for (int i = 0; i < 20; i++) {
                        model.call("a");
                    }
                    LockSupport.parkNanos(1_000_000); // what is written is read several times by the test
                }
            });
            load.setDaemon(true);
            load.start();
            GuardedModel<String, String> careful = runtime.<String, String>guard("careful")
                    .route("v1", input -> input)
                    .durability(Durability.DURABLE)
                    .segment("first", input -> input.substring(0, 1))
                    .audit(AuditOptions.<String, String>options()
                            .subject(input -> input)
                            .input(PayloadPolicy.full(PayloadEncoder.text())))
                    .build();
            Thread durable = new Thread(() -> {
                while (true) {
                    if (careful.decide("a") instanceof Decision.Answered<String> answered) {
                        out.println("decided " + answered.id());
                    }
                }
            });
            durable.setDaemon(true);
            durable.start();
            for (int i = 0; i < 10_000; i++) {
                String route = "route-" + i;
                if (runtime.switches()
                        .kill(
                                Scope.model("other").route(route),
                                Cause.by("child").because("a crash test"))
                        .durable()) {
                    out.println("killed " + route);
                }
            }
        }
    }
}
