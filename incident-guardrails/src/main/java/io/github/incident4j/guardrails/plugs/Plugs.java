// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

/**
 * Guardrails that ask a model.
 *
 * <pre>{@code
 * PlugRail moderation = Plugs.classifier("moderation", client::scores)
 *         .block("violence", 0.8)
 *         .flag("violence", 0.5)
 *         .rewrite("insult", 0.7, text -> "[removed]")
 *         .rail(PlugOptions.options().batch(16, Duration.ofMillis(5)).cache(8_000_000, Duration.ofHours(1)));
 * PlugRail advice = Plugs.judge("advice", llm::judge, "medical-advice", "legal-advice").rail();
 * }</pre>
 *
 * <p>Guardrails are pure functions that do no I/O; these are the stated exception. What makes up for it: the model runs
 * on other threads, the guarded call waits no longer than the time limit, and a text that was not judged is blocked (or
 * flagged, where the options say so), with a finding in any case. The categories of these findings are
 * {@code timed-out}, {@code failed}, {@code no-answer}, {@code overloaded}, {@code interrupted} and {@code closed}; a
 * text that is missing (null) is blocked as {@code missing-text}. Findings hold neither text nor scores nor words of
 * the model.
 *
 * <p>Close the guardrail when the guard is no longer used. One that is not closed keeps nothing alive: its threads are
 * daemons and end when idle.
 *
 * <p>No method here throws because of what it is given; see {@link PlugRail#faults()}.
 */
public final class Plugs {

    private Plugs() {}

    /**
     * A guardrail out of a classifier and thresholds.
     *
     * @param name the guardrail's name and the rule of its findings; a legal name
     * @param classifier the classifier
     * @return the plug, without thresholds yet
     */
    public static ClassifierPlug classifier(String name, Classifier classifier) {
        return new ClassifierPlug(name, classifier);
    }

    /**
     * A guardrail out of a judge.
     *
     * @param name the guardrail's name and the rule of its findings; a legal name
     * @param judge the judge
     * @param categories the categories that it may name, legal names; any other counts as no answer
     * @return the plug
     */
    public static JudgePlug judge(String name, Judge judge, String... categories) {
        return new JudgePlug(name, judge, categories);
    }
}
