// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.model.Decision;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Opens the directory of another process, after it has removed the lock if that is asked for; see DirectoryLockTest.
 */
final class LockChild {
    private LockChild() {}

    public static void main(String[] args) throws Exception {
        PrintStream out =
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);
        Path directory = Path.of(args[0]);
        boolean removing = args[1].equals("removed");
        IncidentRuntime runtime = null;
        while (runtime == null) { // the holder may make it again in the very moment between
            if (removing) {
                Files.deleteIfExists(directory.resolve("runtime.lock"));
            }
            runtime = open(directory, out, removing);
            if (runtime == null && !removing) {
                return;
            }
        }
        out.println("opened");
        if (System.in.read() < 0) {
            return;
        }
        try (IncidentRuntime opened = runtime) {
            GuardedModel<String, String> model = DirectoryLockTest.model(opened, "child", Durability.DURABLE);
            for (int i = 0; i < 20; i++) {
                if (model.decide("a") instanceof Decision.Answered<String> answered) {
                    out.println(answered.id());
                }
            }
        }
    }

    private static @Nullable IncidentRuntime open(Path directory, PrintStream out, boolean removing) {
        try {
            return IncidentRuntime.builder().directory(directory).build();
        } catch (UncheckedIOException e) {
            if (!removing) {
                out.println(e.getMessage());
            }
            return null;
        }
    }
}
