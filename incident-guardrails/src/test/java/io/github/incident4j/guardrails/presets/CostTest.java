// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.presets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Guardrail.Cost;
import io.github.incident4j.guardrails.decision.DecisionRails;
import io.github.incident4j.guardrails.decision.Memory;
import io.github.incident4j.guardrails.features.FeatureRails;
import io.github.incident4j.guardrails.grounding.GroundingRails;
import io.github.incident4j.guardrails.injection.InjectionRails;
import io.github.incident4j.guardrails.markup.HtmlOptions;
import io.github.incident4j.guardrails.markup.MarkupRails;
import io.github.incident4j.guardrails.markup.Safelist;
import io.github.incident4j.guardrails.numeric.Bounds;
import io.github.incident4j.guardrails.numeric.NumericRails;
import io.github.incident4j.guardrails.pii.PiiRails;
import io.github.incident4j.guardrails.plugs.Judgement;
import io.github.incident4j.guardrails.plugs.Plugs;
import io.github.incident4j.guardrails.scan.Action;
import io.github.incident4j.guardrails.secrets.SecretRails;
import io.github.incident4j.guardrails.structure.CsvOptions;
import io.github.incident4j.guardrails.structure.JsonOptions;
import io.github.incident4j.guardrails.structure.StructureRails;
import io.github.incident4j.guardrails.text.TextRails;
import io.github.incident4j.guardrails.tools.Approval;
import io.github.incident4j.guardrails.tools.ApprovalOptions;
import io.github.incident4j.guardrails.tools.Flow;
import io.github.incident4j.guardrails.tools.Label;
import io.github.incident4j.guardrails.tools.Tool;
import io.github.incident4j.guardrails.tools.ToolRails;
import java.lang.Character.UnicodeScript;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which guardrails go before which where the cheapest go first. */
class CostTest {
    private static final Memory MEMORY = Memory.of(10, Duration.ofMinutes(1));
    private static final List<Tool> TOOLS = List.of(
            Tool.named("a").labels(Label.READS_PRIVATE, Label.SEES_UNTRUSTED),
            Tool.named("b").labels(Label.SENDS_OUTSIDE).needsApproval());

    private static void cost(Cost cost, List<Guardrail<?>> rails) {
        assertThat(rails).allSatisfy(rail -> {
            assertThat(rail.faults()).isEmpty();
            assertThat(rail.cost()).as(rail.name()).isEqualTo(cost);
        });
    }

    private record Answer(String text, List<String> sources) {}

    @Test
    void whatLooksAtANumberOrALength_isCheap() {
        Guardrail<Double> features = FeatureRails.<Double>schema()
                .number("x", value -> value)
                .range(0, 1)
                .rail();
        cost(
                Cost.CHEAP,
                List.of(
                        NumericRails.within(0, 1, Double::doubleValue),
                        NumericRails.finite(Double::doubleValue),
                        NumericRails.withinSegment(
                                (Double value) -> "all", Map.of("all", new Bounds(0, 1)), value -> value),
                        DecisionRails.rateOfChange((Double value) -> "key", value -> value, 10, MEMORY),
                        DecisionRails.rising((Double value) -> "key", value -> value, value -> value, 0, MEMORY),
                        DecisionRails.falling((Double value) -> "key", value -> value, value -> value, 0, MEMORY),
                        features,
                        DecisionRails.allowed(text -> text, Set.of("grant", "deny")),
                        DecisionRails.probabilities((double[] vector) -> vector),
                        DecisionRails.confidence(0.5, Double::doubleValue),
                        DecisionRails.mostProbable((double[] vector) -> vector, vector -> 0),
                        DecisionRails.implies("reason", text -> true, text -> true, "a reason"),
                        Rails.flagging(DecisionRails.confidence(0.5, Double::doubleValue)),
                        TextRails.characters(1, 10),
                        TextRails.emptyAnswer(),
                        Rails.blocking(TextRails.emptyAnswer()),
                        TextRails.on(Answer::text, TextRails.characters(1, 10)),
                        StructureRails.oneOf("yes", "no"),
                        StructureRails.oneOfForgiving("yes", "no"),
                        StructureRails.layout("999-AA"),
                        Rails.retrying(StructureRails.oneOf("yes", "no")),
                        ToolRails.budget(3, TOOLS, MEMORY),
                        ToolRails.flows(TOOLS, MEMORY, Flow.LETHAL_TRIFECTA)));
    }

    @Test
    void whatReadsTheTextOnce_isBetween() {
        cost(
                Cost.MODERATE,
                List.of(
                        Rails.chatInput(),
                        Rails.chatOutput(),
                        Rails.ragContext(),
                        PiiRails.redact(),
                        SecretRails.block(),
                        InjectionRails.weigh(),
                        MarkupRails.urls(Action.FLAG),
                        MarkupRails.html(Action.FLAG),
                        MarkupRails.htmlOutsideCode(Action.FLAG, HtmlOptions.options()),
                        MarkupRails.fragments(Action.FLAG),
                        MarkupRails.invisible(Action.REDACT),
                        TextRails.words(1, 10),
                        TextRails.tokens(1, 10),
                        TextRails.deniedTerms("bomb"),
                        TextRails.competitors("Acme"),
                        TextRails.requiredTerms("please"),
                        TextRails.deniedPatterns("a+"),
                        TextRails.allowedPatterns("a+"),
                        TextRails.scripts(0.1, UnicodeScript.LATIN),
                        TextRails.mixedScripts(),
                        TextRails.repetition(),
                        TextRails.gibberish(),
                        TextRails.refusal(),
                        TextRails.echo(Answer::text, Answer::text),
                        TextRails.copyRatio(Answer::text, Answer::text),
                        TextRails.promptLeak(
                                "You are a helpful assistant of a bank in Bern and know all its branches."),
                        GroundingRails.overlap(Answer::text, Answer::sources),
                        GroundingRails.numbersInSources(Answer::text, Answer::sources),
                        GroundingRails.datesInSources(Answer::text, Answer::sources),
                        GroundingRails.namesInSources(Answer::text, Answer::sources),
                        GroundingRails.citations(Answer::text, Answer::sources),
                        GroundingRails.citedSentences(Answer::text, Answer::sources),
                        StructureRails.json(),
                        StructureRails.xml(),
                        StructureRails.csv(CsvOptions.options()),
                        ToolRails.allowed(TOOLS),
                        ToolRails.arguments(TOOLS, SecretRails.block()),
                        ToolRails.loop(3, MEMORY)));
    }

    @Test
    void whatAsksSomebodyElse_orBuildsATree_isExpensive() throws Exception {
        try (var judge = Plugs.judge("judge", text -> Judgement.pass(), "hate").rail();
                var gate = ToolRails.approval(TOOLS, request -> Approval.Answer.APPROVED, ApprovalOptions.options())) {
            cost(
                    Cost.EXPENSIVE,
                    List.of(
                            judge,
                            gate,
                            Rails.flagging(judge),
                            ToolRails.arguments(TOOLS, SecretRails.block(), judge),
                            GroundingRails.similarity(Answer::text, Answer::sources, text -> new float[] {1}, 0.5),
                            MarkupRails.sanitised(Safelist.BASIC),
                            StructureRails.json(JsonOptions.strict().schema("{\"type\":\"object\"}"))));
        }
    }
}
