// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.model.Cause;
import io.github.incident4j.notify.Channels;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Has one incident after another and tells a receiver of them, without end; see {@link PagerCrashTest}. */
final class PagerChild {
    private PagerChild() {}

    public static void main(String[] args) throws Exception {
        int incidents = Integer.parseInt(args[2]);
        try (IncidentRuntime runtime = IncidentRuntime.builder()
                .directory(Path.of(args[0]))
                .channel("pager", Channels.webhook(URI.create(args[1])).timeout(Duration.ofSeconds(5)))
                .build()) {
            String run = Long.toString(System.nanoTime(), Character.MAX_RADIX);
            for (int i = 0; i < incidents; i++) {
                GuardedModel<String, Boolean> model = runtime.<String, Boolean>guard("model-" + run + "-" + i)
                        .route("v1", input -> false)
                        .withoutBreaker()
                        .detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                                .baseline(0.1, 20_000)
                                .falseAlarmAtMostOncePer(1_000))
                        .build();
                for (int call = 0; call < 60; call++) {
                    model.call("a");
                }
                runtime.awaitQuiet(Duration.ofSeconds(5));
                if (i == 0) {
                    System.out.println("an incident is open");
                }
                runtime.incidents()
                        .open()
                        .forEach(incident -> runtime.incidents()
                                .resolve(incident.id(), Cause.by("child").because("a crash test")));
            }
            runtime.awaitQuiet(Duration.ofSeconds(30));
        }
    }
}
