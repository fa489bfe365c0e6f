// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A classifier and its thresholds. Each method gives another one; see {@link Plugs}. Of several thresholds that are
 * reached, a block comes before a rewrite and a rewrite before a flag, and then the one that was declared first.
 *
 * <p>Immutable.
 */
public final class ClassifierPlug {
    private static final int LONGEST_LABEL = 64;

    private enum Action {
        BLOCK,
        REWRITE,
        FLAG
    }

    private record Threshold(
            Action action,
            String label,
            double from,
            @Nullable UnaryOperator<String> with) {}

    private final String name;
    private final Classifier classifier;
    private final List<Threshold> thresholds;

    ClassifierPlug(String name, Classifier classifier) {
        this(name, classifier, List.of());
    }

    private ClassifierPlug(String name, Classifier classifier, List<Threshold> thresholds) {
        this.name = name;
        this.classifier = classifier;
        this.thresholds = thresholds;
    }

    /**
     * Blocks a text from a score on.
     *
     * @param label the label; the category of the finding, at most 64 characters
     * @param from the least score, above 0 and at most 1
     * @return the plug with the threshold
     */
    public ClassifierPlug block(String label, double from) {
        return with(new Threshold(Action.BLOCK, label, from, null));
    }

    /**
     * Puts a text on record from a score on.
     *
     * @param label the label; the category of the finding, at most 64 characters
     * @param from the least score, above 0 and at most 1
     * @return the plug with the threshold
     */
    public ClassifierPlug flag(String label, double from) {
        return with(new Threshold(Action.FLAG, label, from, null));
    }

    /**
     * Puts another text in a text's place from a score on. The new text is not judged again.
     *
     * @param label the label; the category of the finding, at most 64 characters
     * @param from the least score, above 0 and at most 1
     * @param replacement makes the new text, quickly, on the caller's thread; one that returns null blocks
     * @return the plug with the threshold
     */
    public ClassifierPlug rewrite(String label, double from, UnaryOperator<String> replacement) {
        return with(new Threshold(Action.REWRITE, label, from, replacement));
    }

    private ClassifierPlug with(Threshold threshold) {
        List<Threshold> more = new ArrayList<>(thresholds);
        more.add(threshold);
        return new ClassifierPlug(name, classifier, List.copyOf(more));
    }

    /** {@return the guardrail, with the default options} */
    public PlugRail rail() {
        return rail(PlugOptions.options());
    }

    /**
     * The guardrail.
     *
     * @param options how the classifier is called
     * @return the guardrail; close it when it is no longer used
     */
    public PlugRail rail(PlugOptions options) {
        String call = "classifier '" + name + "'";
        Faults faults = new Faults(call)
                .whenNull(classifier, "the classifier", "client::scores")
                .whenNull(options, "the options", "PlugOptions.options()")
                .when(thresholds.isEmpty(), "there is no threshold; give at least one, such as block(\"hate\", 0.8)");
        Names.faultOf("guardrail", name).ifPresent(fault -> faults.when(true, fault));
        Set<List<@Nullable Object>> seen = new HashSet<>();
        for (Threshold threshold : thresholds) {
            String label = threshold.label;
            boolean unnamed = label == null || label.isBlank() || label.length() > LONGEST_LABEL;
            faults.when(unnamed, "a label is null, blank or longer than 64 characters; give the classifier's own")
                    .when(
                            !(threshold.from > 0 && threshold.from <= 1),
                            "the threshold " + threshold.from + (unnamed ? "" : " of '" + label + "'")
                                    + " is none; give above 0 and at most 1")
                    .when(
                            threshold.action == Action.REWRITE && threshold.with == null,
                            "a rewrite has no replacement; give one, such as text -> \"[removed]\"")
                    .when(
                            !seen.add(List.of(threshold.action, String.valueOf(label))) && !unnamed,
                            "'" + label + "' has two thresholds for the same action; keep one");
        }
        if (options != null) {
            faults.all(options.faults());
        }
        if (!faults.found().isEmpty()) {
            return new PlugRail(name, faults.found());
        }
        List<String> labels =
                thresholds.stream().map(Threshold::label).distinct().toList();
        List<Threshold> ordered = thresholds.stream()
                .sorted(Comparator.comparing(Threshold::action))
                .toList();
        return new PlugRail(
                name,
                new PlugRail.Model<double[]>() {
                    @Override
                    public List<double @Nullable []> answers(List<String> texts) throws Exception {
                        List<double @Nullable []> read = new ArrayList<>();
                        for (Map<String, Double> scores : classifier.classify(texts)) {
                            read.add(scoresOf(labels, scores));
                        }
                        return read;
                    }

                    @Override
                    public int bytes(double[] answer) {
                        return Double.BYTES * answer.length;
                    }

                    @Override
                    public Verdict<String> verdict(double[] answer, String text) {
                        for (Threshold threshold : ordered) {
                            if (answer[labels.indexOf(threshold.label)] >= threshold.from) {
                                return judged(threshold, text);
                            }
                        }
                        return Verdict.pass();
                    }
                },
                options);
    }

    /** The scores of the labels, or null where they are no answer. */
    private static double @Nullable [] scoresOf(List<String> labels, @Nullable Map<String, Double> scores) {
        double[] read = new double[labels.size()];
        for (int i = 0; i < read.length; i++) {
            Double score = scores == null ? null : scores.get(labels.get(i));
            if (score == null || !(score >= 0 && score <= 1)) {
                return null;
            }
            read[i] = score;
        }
        return read;
    }

    private Verdict<String> judged(Threshold threshold, String text) {
        Finding finding = new Finding(
                name, threshold.label, "the score of " + threshold.label + " is at or above " + threshold.from);
        if (threshold.action == Action.FLAG) {
            return Verdict.flag(finding);
        }
        String next = threshold.with == null ? null : threshold.with.apply(text);
        return next == null ? Verdict.block(finding) : Verdict.rewrite(next, finding);
    }
}
