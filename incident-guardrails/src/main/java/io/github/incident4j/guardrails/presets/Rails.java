// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.presets;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.decision.DecisionRails;
import io.github.incident4j.guardrails.decision.Memory;
import io.github.incident4j.guardrails.injection.InjectionRails;
import io.github.incident4j.guardrails.internal.Acting;
import io.github.incident4j.guardrails.internal.Action;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.guardrails.internal.Misconfigured;
import io.github.incident4j.guardrails.markup.HtmlOptions;
import io.github.incident4j.guardrails.markup.MarkupRails;
import io.github.incident4j.guardrails.markup.UrlOptions;
import io.github.incident4j.guardrails.numeric.NumericRails;
import io.github.incident4j.guardrails.pii.PiiRails;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.secrets.SecretRails;
import io.github.incident4j.guardrails.tools.ApprovalGate;
import io.github.incident4j.guardrails.tools.Flow;
import io.github.incident4j.guardrails.tools.Tool;
import io.github.incident4j.guardrails.tools.ToolCall;
import io.github.incident4j.guardrails.tools.ToolRails;
import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Guardrails for the usual places, to begin with. Each looks at its text once, for all its rules, and guards texts that
 * come in pieces too ({@link TextRail#stream()}). Measure on your own traffic before you let them act: the operator's
 * tool has {@code scan} for that, and a guard's options have {@code monitorOnly()}.
 *
 * <pre>{@code
 * .input(Rails.chatInput())
 * .output(Rails.chatOutput())
 * }</pre>
 *
 * <p>What none of them catches is what only a model can tell: whether an answer is true, polite or wise, names of
 * persons, what an attack means that says nothing of the sort. See {@code plugs} for those.
 */
public final class Rails {
    private Rails() {}

    /**
     * What a person writes to a model. Evidence of prompt injection is put on record from 0.5 on and blocks from 0.8
     * on; credentials and personal data are redacted.
     *
     * <p>Not caught: attacks in languages without phrases, in pictures, or that only change the subject; names.
     *
     * @return the guardrail, named {@code chat-input}
     */
    public static TextRail chatInput() {
        return TextRail.builder("chat-input")
                .weigh(InjectionRails.rules(), InjectionRails.FLAG_AT, InjectionRails.BLOCK_AT)
                .redact(SecretRails.rules())
                .redact(PiiRails.rules())
                .build();
    }

    /**
     * What a model writes to a person. Credentials and personal data are redacted, and links that run something or
     * carry data; other suspicious links, HTML that runs something, and what does not show in rows or turns the
     * direction of a text are put on record. It blocks nothing.
     *
     * <p>Not caught: wrong, harmful or unwanted answers; names; data in links to hosts that are looked like ordinary
     * ones: give {@link MarkupRails#urlRules} an allow-list for that.
     *
     * @return the guardrail, named {@code chat-output}
     */
    public static TextRail chatOutput() {
        Rules links = MarkupRails.urlRules(UrlOptions.options());
        String[] harmful = {"url-scheme", "url-data"};
        return TextRail.builder("chat-output")
                .redact(SecretRails.rules())
                .redact(PiiRails.rules())
                .redact(links.only(harmful))
                .flag(links.without(harmful))
                .flag(MarkupRails.htmlRules(HtmlOptions.options()))
                .flag(InjectionRails.rules()
                        .only("hidden-run", "hidden-characters", "bidi-override")
                        .leastConfidence(InjectionRails.FLAG_AT)
                        .severity(Severity.P3))
                .build();
    }

    /**
     * What is read for a model: documents, pages, results of tools. Evidence of prompt injection is put on record from
     * 0.5 on and blocks from 0.8 on; credentials are redacted, suspicious links and HTML that runs something are put on
     * record. Personal data stay, as answers may need them.
     *
     * <p>Not caught: lies; instructions that read like ordinary text. Mark untrusted text as such in the prompt, too:
     * see {@code injection.Spotlight}.
     *
     * @return the guardrail, named {@code rag-context}
     */
    public static TextRail ragContext() {
        return TextRail.builder("rag-context")
                .weigh(InjectionRails.rules(), InjectionRails.FLAG_AT, InjectionRails.BLOCK_AT)
                .redact(SecretRails.rules())
                .flag(MarkupRails.urlRules(UrlOptions.options()))
                .flag(MarkupRails.htmlRules(HtmlOptions.options()))
                .build();
    }

    /**
     * The calls of tools that a model asks for: tools that are declared, arguments as declared and without credentials,
     * at most so many calls in a turn, no call four times, and none of the flows that are given, such as
     * {@link Flow#LETHAL_TRIFECTA} (a turn that reads private data, sees untrusted text and sends outside).
     *
     * <p>Not caught: a wrong call with good arguments; tools whose labels are missing; more than one process. Where a
     * tool {@linkplain Tool#needsApproval needs approval} give the gate, too: without one that is a fault.
     *
     * @param tools the tools, with their arguments and labels
     * @param mostCalls how many calls one turn may make
     * @param turns what is remembered of turns
     * @param flows what must not happen in one turn; the tools must have the labels of it
     * @return the guardrails, in their order
     */
    public static List<Guardrail<ToolCall>> agentTools(
            Collection<Tool> tools, int mostCalls, Memory turns, Flow... flows) {
        List<Guardrail<ToolCall>> rails = new ArrayList<>(toolRails(tools, mostCalls, turns, flows));
        if (tools != null && tools.stream().anyMatch(tool -> tool != null && tool.isApproved())) {
            rails.add(new Misconfigured<>(
                    "tool-approval",
                    List.of(
                            "agentTools: a tool needs approval, and nobody is asked; give ToolRails.approval(tools, desk,"
                                    + " ApprovalOptions.options()) before the flows")));
        }
        return List.copyOf(rails);
    }

    /**
     * The same, with a person who approves the calls of the tools that {@linkplain Tool#needsApproval need} it. What
     * the other guardrails block the person is not asked about.
     *
     * @param tools the tools, with their arguments and labels
     * @param mostCalls how many calls one turn may make
     * @param turns what is remembered of turns
     * @param gate asks the person, such as {@link ToolRails#approval}; close it when it is no longer used
     * @param flows what must not happen in one turn; the tools must have the labels of it
     * @return the guardrails, in their order, the gate last
     */
    public static List<Guardrail<ToolCall>> agentTools(
            Collection<Tool> tools, int mostCalls, Memory turns, ApprovalGate gate, Flow... flows) {
        List<Guardrail<ToolCall>> rails = new ArrayList<>(toolRails(tools, mostCalls, turns, flows));
        rails.add(new Faults("agentTools")
                .whenNull(gate, "the approval gate", "ToolRails.approval(tools, desk, ApprovalOptions.options())")
                .or("tool-approval", () -> gate));
        return List.copyOf(rails);
    }

    private static List<Guardrail<ToolCall>> toolRails(
            Collection<Tool> tools, int mostCalls, Memory turns, Flow... flows) {
        List<Guardrail<ToolCall>> rails = new ArrayList<>(List.of(
                ToolRails.allowed(tools),
                ToolRails.arguments(tools, SecretRails.block()),
                ToolRails.budget(mostCalls, tools, turns),
                ToolRails.loop(3, turns)));
        if (flows.length > 0) {
            rails.add(ToolRails.flows(tools, turns, flows));
        }
        return rails;
    }

    /**
     * The decisions of a model that grants credit: an outcome of those that exist, a probability from 0 to 1, and a
     * reason with each denial.
     *
     * <p>Not caught: a wrong decision of the right form, and unfairness, which shows in many decisions only: see the
     * detectors.
     *
     * @param outcome takes out the outcome
     * @param outcomes all outcomes that there are
     * @param probability takes out the probability of default
     * @param isDenial whether a decision denies
     * @param hasReason whether it names a reason
     * @param <T> the type of the decisions
     * @param <C> the type of the outcomes
     * @return the guardrails, in their order
     */
    public static <T, C> List<Guardrail<T>> creditDecision(
            Function<? super T, ? extends @Nullable C> outcome,
            Collection<? extends C> outcomes,
            ToDoubleFunction<? super T> probability,
            Predicate<? super T> isDenial,
            Predicate<? super T> hasReason) {
        return List.of(
                DecisionRails.allowed(outcome, outcomes),
                NumericRails.within(0, 1, probability),
                DecisionRails.implies("denial-has-reason", isDenial, hasReason, "a denial needs a reason"));
    }

    /**
     * Stops what another guardrail would have flagged, rewritten or asked for again.
     *
     * @param rail the other guardrail
     * @param <T> the type of the values that the guardrail judges
     * @return a guardrail of the same name
     */
    public static <T> Guardrail<T> blocking(Guardrail<T> rail) {
        return acting("blocking", rail, Action.BLOCK);
    }

    /**
     * Puts on record what another guardrail would have stopped, rewritten or asked for again, and lets it pass: for
     * trying a rule on the traffic before it is enforced. An exception of the guardrail still blocks, and its faults
     * stay faults.
     *
     * @param rail the other guardrail
     * @param <T> the type of the values that the guardrail judges
     * @return a guardrail of the same name
     */
    public static <T> Guardrail<T> flagging(Guardrail<T> rail) {
        return acting("flagging", rail, Action.FLAG);
    }

    /**
     * Asks the route once more for what another guardrail would have stopped; what it lets pass, flagged or rewritten,
     * passes here, too. For one that asks again whatever it finds say {@code retrying(blocking(rail))}.
     *
     * @param rail the other guardrail
     * @param <T> the type of the values that the guardrail judges
     * @return a guardrail of the same name
     */
    public static <T> Guardrail<T> retrying(Guardrail<T> rail) {
        return acting("retrying", rail, Action.RETRY);
    }

    private static <T> Guardrail<T> acting(String call, Guardrail<T> rail, Action action) {
        return new Faults(call)
                .whenNull(rail, "the guardrail", "TextRails.emptyAnswer()")
                .or(call, () -> new Acting<>(rail, action));
    }
}
