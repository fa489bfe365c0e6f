// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the user asks of a story.
 *
 * @param data a file with real data; without it, the story makes up its own
 * @param out the directory to write to; without it, the story takes a new one
 * @param seed what all randomness comes from
 */
public record Options(Optional<Path> data, Optional<Path> out, long seed) {
    /** The seed where none is given. */
    public static final long DEFAULT_SEED = 1;

    private static final Set<String> KNOWN = Set.of("--data", "--out", "--seed");

    static Options parse(String... arguments) throws UsageException {
        Map<String, String> given = new HashMap<>();
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(arguments));
        while (!rest.isEmpty()) {
            String argument = rest.removeFirst();
            int equals = argument.indexOf('=');
            String option = equals < 0 ? argument : argument.substring(0, equals);
            if (!KNOWN.contains(option)) {
                throw new UsageException(
                        "unknown argument '" + argument + "'; a story takes --data FILE, --out DIR and --seed N");
            }
            String value = equals >= 0 ? argument.substring(equals + 1) : rest.pollFirst();
            if (value == null || value.isEmpty() || KNOWN.contains(value)) {
                throw new UsageException(option + " has no value; write " + option + " "
                        + (option.equals("--seed") ? "7" : option.equals("--out") ? "DIR" : "FILE"));
            }
            if (given.put(option, value) != null) {
                throw new UsageException(option + " is given twice; give it once");
            }
        }
        return new Options(path(given, "--data"), path(given, "--out"), seed(given.get("--seed")));
    }

    private static Optional<Path> path(Map<String, String> given, String option) throws UsageException {
        String value = given.get(option);
        try {
            return Optional.ofNullable(value).map(Path::of);
        } catch (InvalidPathException e) {
            throw new UsageException(option + " '" + value + "' is not a path: " + e.getReason());
        }
    }

    private static long seed(@Nullable String value) throws UsageException {
        try {
            return value == null ? DEFAULT_SEED : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new UsageException("--seed '" + value + "' is not a whole number; write, for example, --seed 7");
        }
    }
}
