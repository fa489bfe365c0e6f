// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples;

import io.github.incident4j.examples.credit.CreditScoringStory;
import io.github.incident4j.examples.tour.FallbackTour;
import io.github.incident4j.examples.tour.RampTour;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Starts a story by its name; without a name, lists them. */
public final class Main {
    /** The story went as told. */
    static final int AS_TOLD = 0;
    /** The story ran, but did not go as told. */
    static final int NOT_AS_TOLD = 1;
    /** Something that the user gave cannot be used. */
    static final int BAD_USAGE = 2;

    private static final List<Story> STORIES = List.of(new CreditScoringStory(), new FallbackTour(), new RampTour());

    private Main() {}

    /**
     * Runs a story and exits: 0 if it went as told, 1 if it did not, 2 if the arguments cannot be used.
     *
     * @param arguments the story's name and its options
     */
    public static void main(String... arguments) {
        int code = run(System.out, System.err, arguments);
        System.out.flush();
        System.exit(code);
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        if (arguments.length == 0) {
            list(out);
            return AS_TOLD;
        }
        if (Arrays.stream(arguments).anyMatch(each -> each.equals("--help") || each.equals("-h"))) {
            help(out);
            return AS_TOLD;
        }
        try {
            Story story = story(arguments[0]);
            Options options = Options.parse(Arrays.copyOfRange(arguments, 1, arguments.length));
            return story.run(options, out) ? AS_TOLD : NOT_AS_TOLD;
        } catch (UsageException e) {
            out.flush();
            err.println("error: " + e.getMessage());
            err.println("try --help");
            return BAD_USAGE;
        }
    }

    private static Story story(String name) throws UsageException {
        Optional<Story> found =
                STORIES.stream().filter(story -> story.name().equals(name)).findFirst();
        if (found.isEmpty()) {
            throw new UsageException("there is no story '" + name + "'; the first argument names one of: "
                    + String.join(", ", STORIES.stream().map(Story::name).toList()));
        }
        return found.get();
    }

    private static void list(PrintStream out) {
        out.println("Stories:");
        for (Story story : STORIES) {
            out.println("  " + story.name() + "  " + story.summary());
        }
        out.println();
        out.println(
                "Run one:  java -jar incident-examples.jar " + STORIES.get(0).name());
        out.println("Options:  --help");
    }

    private static void help(PrintStream out) {
        out.println("java -jar incident-examples.jar STORY [--data FILE] [--out DIR] [--seed N]");
        out.println();
        out.println("  --data FILE  real data instead of a synthetic sample");
        out.println("  --out DIR    where trail, switches and report go; must not hold an earlier run.");
        out.println("               Without it: a new directory beside the jar, or in the current one");
        out.println("  --seed N     what all randomness comes from; by default " + Options.DEFAULT_SEED);
        out.println();
        out.println("Exit code: 0 the story went as told, 1 it did not, 2 the arguments cannot be used.");
        out.println();
        list(out);
    }
}
