// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.GuardrailRequestParams;
import dev.langchain4j.guardrail.InputGuardrailExecutor;
import dev.langchain4j.guardrail.InputGuardrailRequest;
import dev.langchain4j.guardrail.InputGuardrailResult;
import dev.langchain4j.guardrails.PatternBasedPromptInjectionGuardrail;
import dev.langchain4j.invocation.InvocationContext;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.presets.Rails;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.scan.TextScanner;
import io.github.incident4j.guardrails.scan.TextStreamGuard;
import io.github.incident4j.guardrails.scan.View;
import io.github.incident4j.guardrails.secrets.SecretRails;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to look at an answer of a model: the whole preset for answers, the same in pieces as they come from a
 * model, looked at by the batch and piece by piece, without decoding, and the preset for prompts; beside plain patterns
 * for credentials and personal data ({@link PlainPatterns}, which look for less), beside LangChain4j's guardrail of
 * patterns, and beside a bare pass for the literals of the same rules. The text is synthetic English prose in which
 * nothing is found, as most answers are.
 *
 * <p>LangChain4j's one guardrail of patterns, {@code PatternBasedPromptInjectionGuardrail}, is for prompts; it has no
 * such guardrail for answers. It is asked through its own executor, as an AI service asks it, once with its own 20
 * patterns and once with {@link PlainPatterns} as the additional patterns that its constructor takes. It stops at the
 * first match, so the text must have none.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class TextRailBenchmark {
    private static final String[] WORDS =
            ("the of and to in a is that for it as was with be by on not he his but at are"
                            + " this have from or had an they which one you were her all she there would their we him been has when"
                            + " who will more no if out so said what up its about into than them can only other new some could time"
                            + " these two may then do first any my now such like our over man me even most made after also did many")
                    .split(" ", -1);

    /** Characters of the text. */
    @Param({"384", "4096", "16384"})
    public int length = 384;

    private final TextRail answers = Rails.chatOutput();
    private final TextRail prompts = Rails.chatInput();
    private final TextRail undecoded = TextRail.builder("undecoded")
            .redact(SecretRails.rules())
            .withoutDecoding()
            .build();
    private final TextScanner literals = new TextScanner(
            SecretRails.rules().recognisers().stream().map(LiteralsOnly::new).toList(), 0);
    private final PlainPatterns patterns = new PlainPatterns(Path.of("incident-guardrails", "SECRETS.md"));
    private final InputGuardrailExecutor langChain4j = executor(new PatternBasedPromptInjectionGuardrail());
    private final InputGuardrailExecutor langChain4jAndMore =
            executor(new PatternBasedPromptInjectionGuardrail(patterns.all()));
    private String text = "";

    private static InputGuardrailExecutor executor(PatternBasedPromptInjectionGuardrail guardrail) {
        return InputGuardrailExecutor.builder().guardrails(guardrail).build();
    }

    /** Stands at the literals of a rule and looks no further. */
    private record LiteralsOnly(Recogniser of) implements Recogniser {
        @Override
        public String rule() {
            return of.rule();
        }

        @Override
        public String category() {
            return of.category();
        }

        @Override
        public List<String> literals() {
            return of.literals();
        }

        @Override
        public @Nullable Hit find(View view, int at) {
            return null;
        }
    }

    @Setup
    public void write() {
        Random random = new Random(length);
        StringBuilder prose = new StringBuilder();
        int words = 0;
        while (prose.length() < length) {
            String word = WORDS[random.nextInt(WORDS.length)];
            prose.append(words % 12 == 0 ? Character.toUpperCase(word.charAt(0)) + word.substring(1) : word);
            words++;
            prose.append(words % 12 == 0 ? ". " : " ");
        }
        text = prose.substring(0, length);
        int size = patterns.all().size();
        if (size < 300) {
            throw new IllegalStateException("the peer has " + size + " patterns, which is too few");
        }
        InputGuardrailResult result = langChain4jWithThePlainPatterns();
        if (!result.isSuccess()) {
            throw new IllegalStateException("LangChain4j's guardrail does not read the text to its end: " + result);
        }
    }

    @Benchmark
    public Verdict<String> chatOutput() {
        return answers.check(text);
    }

    /** The text in pieces. */
    @State(Scope.Benchmark)
    public static class Pieces {
        /** Characters of a piece. */
        @Param({"1", "4", "16", "64"})
        public int size = 4;

        private final List<String> pieces = new ArrayList<>();

        @Setup
        public void cut(TextRailBenchmark of) {
            for (int at = 0; at < of.text.length(); at += size) {
                pieces.add(of.text.substring(at, Math.min(of.text.length(), at + size)));
            }
        }

        int passedBy(TextStreamGuard guard) {
            return passed(guard, pieces);
        }
    }

    private static int passed(TextStreamGuard guard, List<String> pieces) {
        int passed = 0;
        for (String piece : pieces) {
            passed += guard.append(piece).text().length();
        }
        return passed + guard.end().text().length();
    }

    @Benchmark
    public int chatOutputInPieces(Pieces pieces) {
        return pieces.passedBy(answers.stream());
    }

    /** Nothing is held back for a batch. */
    @Benchmark
    public int chatOutputPieceByPiece(Pieces pieces) {
        return pieces.passedBy(answers.stream(1));
    }

    /** Texts that somebody may write to keep a guard busy, one piece again and again, beside the benign one. */
    @State(Scope.Benchmark)
    public static class Hostile {
        /** What the text is made of; {@code benign} is the text of the other benchmarks. */
        @Param({
            "benign",
            "password=\"",
            "password=aB3$xY9z ",
            "AccountKey=",
            "Server=",
            "-----BEGIN PRIVATE KEY-----",
            "\u00B2",
            "\u00BD ",
            "\u21164",
            "4",
            "%25"
        })
        public String hostile = "benign";

        private String text = "";
        private final List<String> pieces = new ArrayList<>();

        @Setup
        public void write(TextRailBenchmark of) {
            boolean benign = hostile.equals("benign");
            text = benign
                    ? of.text
                    : hostile.repeat(of.length / hostile.length() + 1).substring(0, of.length);
            for (int at = 0; at < text.length(); at += 4) {
                pieces.add(text.substring(at, Math.min(text.length(), at + 4)));
            }
        }
    }

    @Benchmark
    public Verdict<String> hostile(Hostile of) {
        return answers.check(of.text);
    }

    @Benchmark
    public int hostileInPieces(Hostile of) {
        return passed(answers.stream(), of.pieces);
    }

    @Benchmark
    public int hostilePieceByPiece(Hostile of) {
        return passed(answers.stream(1), of.pieces);
    }

    @Benchmark
    public Verdict<String> chatInput() {
        return prompts.check(text);
    }

    @Benchmark
    public Verdict<String> secretsWithoutDecoding() {
        return undecoded.check(text);
    }

    @Benchmark
    public int plainPatterns() {
        return patterns.count(text);
    }

    @Benchmark
    public InputGuardrailResult langChain4jPatterns() {
        return langChain4j.execute(request());
    }

    @Benchmark
    public InputGuardrailResult langChain4jWithThePlainPatterns() {
        return langChain4jAndMore.execute(request());
    }

    private InputGuardrailRequest request() {
        return InputGuardrailRequest.builder()
                .userMessage(UserMessage.from(text))
                .commonParams(GuardrailRequestParams.builder()
                        .userMessageTemplate("")
                        .variables(Map.of())
                        .invocationContext(InvocationContext.builder().build())
                        .build())
                .build();
    }

    @Benchmark
    public int literalsOnly() {
        return literals.scan(text).size();
    }
}
