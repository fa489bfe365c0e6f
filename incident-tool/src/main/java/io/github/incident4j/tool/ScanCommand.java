// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.guardrails.scan.Action;
import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.Screening;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.scan.TextStreamGuard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs guardrails over texts. */
@Command(
        name = "scan",
        description = {
            "Runs guardrails over texts, to measure them before they act.",
            "Reads a line of JSON with a member \"text\" for each text, and writes a line with the verdict, the findings"
                    + " (code points), the text that would be passed on and the nanoseconds that it took."
        },
        mixinStandardHelpOptions = true)
final class ScanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--preset",
            description = "chat-input, chat-output or rag-context; chat-output unless --rails is given")
    private @Nullable String preset;

    @Option(
            names = "--rails",
            split = ",",
            paramLabel = "FAMILY[:ACTION]",
            description =
                    "by themselves, or with a preset in place of its rules of the same family: pii, secrets, injection, links, html, code; each with flag, redact,"
                            + " block, retry or weigh, such as pii:redact,injection:weigh; and text (empty answers,"
                            + " repetition, gibberish, refusals, mixed scripts), with flag, block or retry")
    private @Nullable List<String> rails;

    @Option(
            names = "--least-confidence",
            paramLabel = "0..1",
            description = "from which confidence on values of pii and secrets in --rails count: 0.5 unless given, 0 for"
                    + " all that pass their check")
    private @Nullable Double leastConfidence;

    @Option(
            names = "--chunks",
            paramLabel = "LEAST..MOST",
            description =
                    "give the texts in pieces of so many UTF-16 units, drawn at random (which may be said: 1..16 random)")
    private @Nullable String chunks;

    @Option(names = "--seed", defaultValue = "1", description = "of the pieces")
    private long seed = 1;

    @Option(names = "--summary", description = "print a table by rule in place of the lines")
    private boolean summary;

    @Parameters(arity = "1..2", paramLabel = "FILE", description = "lines of JSON; - for standard input")
    private List<String> arguments = List.of("-");

    private final ObjectMapper mapper = new ObjectMapper();
    private final ScanSummary counts = new ScanSummary();

    @Override
    public Integer call() throws IOException {
        ScanRails.Chosen chosen = chosen();
        TextRail rail = chosen.rail();
        Path file = file();
        if (rail != null && !rail.faults().isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), rail.faults()));
        }
        Pieces pieces = chunks == null ? null : Pieces.of(chunks, new Random(seed));
        PrintWriter out = spec.commandLine().getOut();
        int unread = 0;
        try (BufferedReader lines = reader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                String text = textOf(line);
                if (text == null) {
                    unread++;
                    spec.commandLine()
                            .getErr()
                            .println("line " + number + " is no JSON object with a text in \"text\"; it was left out");
                    continue;
                }
                Map<String, Object> answer = answer(number, text, chosen, pieces);
                if (!summary) {
                    Main.print(out, mapper.writeValueAsString(answer));
                }
            }
        }
        if (summary) {
            counts.print(out);
        }
        return unread == 0 ? 0 : Main.BAD;
    }

    private ScanRails.Chosen chosen() {
        String base = rails == null && preset == null ? "chat-output" : preset;
        return ScanRails.of(base, rails == null ? List.of() : rails, leastConfidence);
    }

    /** The last argument; the word before it may say how the pieces are drawn. */
    private Path file() {
        if (arguments.size() == 2 && (chunks == null || !arguments.get(0).equals("random"))) {
            throw new IllegalArgumentException("one file at a time, not " + String.join(" and ", arguments));
        }
        return Path.of(arguments.get(arguments.size() - 1));
    }

    private static BufferedReader reader(Path file) throws IOException {
        // Bytes that are no UTF-8 are replaced: one of them does not end the scan.
        InputStream in = file.toString().equals("-") ? System.in : Files.newInputStream(file);
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private @Nullable String textOf(String line) {
        try {
            JsonNode text = mapper.readTree(line).path("text");
            return text.isTextual() ? text.textValue() : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private Map<String, Object> answer(int number, String text, ScanRails.Chosen chosen, @Nullable Pieces pieces) {
        TextRail rail = chosen.rail();
        long start = System.nanoTime();
        Screening ruled = rail == null
                ? new Screening(text, List.of(), Optional.empty())
                : pieces == null ? rail.screen(text) : inPieces(rail, pieces.of(text));
        Screening screening = chosen.whole().with(ruled, text);
        long nanos = System.nanoTime() - start;
        String verdict = verdict(screening);
        counts.add(verdict, screening, text.length(), nanos);
        List<Map<String, Object>> findings = new ArrayList<>();
        for (Screening.Found found : screening.found()) {
            Match match = found.match();
            Map<String, Object> finding = new LinkedHashMap<>();
            finding.put("type", match.category());
            finding.put("rule", match.rule());
            finding.put("start", match.codePointStart());
            finding.put("end", match.codePointEnd());
            finding.put("score", match.confidence());
            finding.put("action", found.action().name().toLowerCase(java.util.Locale.ROOT));
            if (!match.why().isEmpty()) {
                finding.put("why", match.why());
            }
            if (!match.layer().isEmpty()) {
                finding.put("layer", match.layer());
            }
            findings.add(finding);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("line", number);
        answer.put("verdict", verdict);
        answer.put("findings", findings);
        answer.put("text", screening.text());
        answer.put("nanos", nanos);
        return answer;
    }

    private static Screening inPieces(TextRail rail, List<String> pieces) {
        TextStreamGuard guard = rail.stream();
        StringBuilder text = new StringBuilder();
        List<Screening.Found> found = new ArrayList<>();
        Screening last = null;
        for (String piece : pieces) {
            last = guard.append(piece);
            text.append(last.text());
            found.addAll(last.found());
            if (last.stop().isPresent()) {
                return new Screening(text.toString(), found, last.stop());
            }
        }
        last = guard.end();
        found.addAll(last.found());
        return new Screening(text.append(last.text()).toString(), found, last.stop());
    }

    private static String verdict(Screening screening) {
        Action gravest = screening.found().stream()
                .map(Screening.Found::action)
                .max(Action::compareTo)
                .orElse(null);
        if (gravest == null) {
            return "pass";
        }
        return switch (gravest) {
            case FLAG -> "flag";
            case REDACT -> "rewrite";
            case RETRY -> "retry";
            case BLOCK -> "block";
        };
    }
}
