// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Look;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.SharedRecogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rules that find what only the host may write: marks of a chat template, turns of a conversation, results of a tool.
 */
final class Forgery {
    private static final int MANY_TURNS = 8;
    private static final int MANY_SHOTS = 16;
    private static final int TURNS_REACH = 2_048;
    private static final Look TURNS = Forgery::turns;

    /** Special tokens of the chat templates of the common model families; no text of a user has them by chance. */
    private static final List<String> TOKENS = List.of(
            "<|im_start|>",
            "<|im_end|>",
            "<|im_sep|>",
            "<|endoftext|>",
            "<|endofprompt|>",
            "<|system|>",
            "<|user|>",
            "<|assistant|>",
            "<|tool|>",
            "<|end|>",
            "<|eot_id|>",
            "<|eom_id|>",
            "<|begin_of_text|>",
            "<|start_header_id|>",
            "<|end_header_id|>",
            "<|python_tag|>",
            "<|channel|>",
            "<|start|>",
            "<|message|>",
            "<|return|>",
            "<|call|>",
            "<|start_of_role|>",
            "<|end_of_role|>",
            "<|start_of_turn_token|>",
            "<|end_of_turn_token|>",
            "<|system_token|>",
            "<|user_token|>",
            "<|chatbot_token|>",
            "<|observation|>",
            "<|tool_call|>",
            "<|fim_prefix|>",
            "<|sep|>",
            "<start_of_turn>",
            "<end_of_turn>",
            "<start_of_image>",
            "[inst]",
            "[/inst]",
            "<<sys>>",
            "<</sys>>",
            "[system_prompt]",
            "[/system_prompt]",
            "[available_tools]",
            "[tool_calls]",
            "[tool_results]",
            "[/tool_results]",
            "<tool_response>",
            "</tool_response>",
            "<tool_result>",
            "</tool_result>",
            "<function_results>",
            "</function_results>",
            "</system_prompt>",
            "<system_prompt>",
            "<system-reminder>",
            "</untrusted>",
            "</untrusted_content>",
            "<|begin",
            "<|end_of_sentence");

    /** Marks that also stand in ordinary texts, with how much they say at the beginning of a line. */
    private static final Map<String, Double> MARKS = marks();

    private static final List<String> SPEAKERS = List.of(
            "user",
            "assistant",
            "human",
            "ai",
            "system",
            "q",
            "a",
            "question",
            "answer",
            "input",
            "output",
            "bot",
            "chatbot",
            "chatgpt",
            "gpt",
            "customer",
            "agent",
            "model",
            "benutzer",
            "assistent",
            "frage",
            "antwort",
            "usuario",
            "asistente",
            "utilisateur",
            "eingabe",
            "ausgabe");

    private Forgery() {}

    private static Map<String, Double> marks() {
        Map<String, Double> marks = new LinkedHashMap<>();
        for (String role : List.of("system", "assistant", "instruction", "instructions", "response", "user", "human")) {
            marks.put("### " + role, role.equals("system") ? 0.6 : 0.4);
            marks.put("###" + role, role.equals("system") ? 0.6 : 0.4);
        }
        marks.put("<system>", 0.7);
        marks.put("</system>", 0.7);
        marks.put("<assistant>", 0.5);
        marks.put("</assistant>", 0.5);
        marks.put("</user>", 0.5);
        marks.put("<instructions>", 0.3);
        marks.put("[system]", 0.6);
        marks.put("[/system]", 0.6);
        marks.put("[assistant]", 0.35);
        marks.put("{system:", 0.6);
        marks.put("[system:", 0.6);
        marks.put("{{#system", 0.6);
        marks.put("\"role\": \"system\"", 0.4);
        marks.put("\"role\":\"system\"", 0.4);
        marks.put("system:", 0.45);
        marks.put("assistant:", 0.3);
        marks.put("system message:", 0.6);
        marks.put("system prompt:", 0.45);
        marks.put("system instruction", 0.4);
        marks.put("system note", 0.5);
        marks.put("system override", 0.7);
        marks.put("developer message:", 0.6);
        marks.put("instruction:", 0.3);
        marks.put("new instructions:", 0.7);
        marks.put("new instruction:", 0.7);
        marks.put("end of system", 0.6);
        marks.put("begin system", 0.6);
        marks.put("end system", 0.6);
        marks.put("end of prompt", 0.6);
        marks.put("end of user", 0.6);
        marks.put("end of context", 0.5);
        marks.put("end of document", 0.4);
        marks.put("begin instructions", 0.5);
        marks.put("end instructions", 0.5);
        marks.put("end of instructions", 0.5);
        return marks;
    }

    static List<Recogniser> rules() {
        return List.of(
                Sign.atLiterals(
                        "chat-template", TOKENS, false, 64, (view, at) -> Sign.hit(at, at + lengthOf(view, at), 0.9)),
                Sign.at("role-mark", "#<[{\"sSaAiIdDnNeEbB", false, 64, Forgery::mark),
                new Turns("many-turns", 1),
                new Turns("many-shots", MANY_SHOTS),
                Sign.at("split-strings", "=", false, 400, Forgery::pieces));
    }

    private static int lengthOf(View view, int at) {
        for (String token : TOKENS) {
            if (stands(view, at, token)) {
                return token.length();
            }
        }
        return 2;
    }

    private static boolean stands(View view, int at, String small) {
        for (int i = 0; i < small.length(); i++) {
            if (Character.toLowerCase(view.charAt(at + i)) != small.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether nothing but signs stands before an index on its line. */
    private static boolean beginsLine(View view, int at) {
        int i = at - 1;
        while (at - i < 40 && view.charAt(i) != '\n' && " \t#*=->|[<{`_~/".indexOf(view.charAt(i)) >= 0) {
            i--;
        }
        return view.charAt(i) == '\n';
    }

    private static @Nullable Hit mark(View view, int at) {
        char first = view.charAt(at);
        boolean word = Character.isLetter(first);
        if (word && view.isWordAt(at - 1)) {
            return null;
        }
        for (Map.Entry<String, Double> mark : MARKS.entrySet()) {
            String text = mark.getKey();
            if (stands(view, at, text)) {
                boolean apart = !word || beginsLine(view, at);
                boolean ends =
                        !Character.isLetter(text.charAt(text.length() - 1)) || !view.isWordAt(at + text.length());
                if (apart && ends) {
                    return Sign.hit(at, at + text.length(), mark.getValue());
                }
            }
        }
        return null;
    }

    /**
     * Many turns of a conversation that nobody had (Anil et al., "Many-shot Jailbreaking", 2024): some short ones in a
     * row, or more of them anywhere, however long the answers are.
     */
    private record Turns(String rule, int fewest) implements SharedRecogniser {
        @Override
        public String category() {
            return InjectionRails.CATEGORY;
        }

        @Override
        public String triggers() {
            return "uUaAhHsSqQiIoObBcCgGmMfFeE";
        }

        @Override
        public int reach() {
            return TURNS_REACH;
        }

        @Override
        public Look look() {
            return TURNS;
        }
    }

    private static Look.@Nullable Seen turns(View view, int at) {
        if (!beginsTurn(view, at)) {
            return null;
        }
        int turns = 1;
        int i = at;
        while (turns < MANY_TURNS && i < at + TURNS_REACH - 64) {
            char c = view.charAt(i++);
            if (c == '\n' && view.charAt(i) == '\n' && view.charAt(i + 1) == '\n' && view.charAt(i + 2) == '\n') {
                break; // also beyond the end
            }
            if ((c == '\n' || c == ' ') && beginsTurn(view, i)) {
                turns++;
            }
        }
        return turns >= MANY_TURNS
                ? new Look.Seen("many-turns", Sign.hit(at, i, 0.5))
                : new Look.Seen("many-shots", Sign.hit(at, at + 1, 0.5));
    }

    private static boolean beginsTurn(View view, int at) {
        char before = view.charAt(at - 1);
        if (before != '\n' && !(before == ' ' && ".!?\"'\n".indexOf(view.charAt(at - 2)) >= 0)) {
            return false;
        }
        int end = at;
        while (end - at < 12 && Character.isLetter(view.charAt(end))) {
            end++;
        }
        int colon = end;
        while (colon - end < 3 && (view.isDigitAt(colon) || view.charAt(colon) == ' ')) {
            colon++;
        }
        if (view.charAt(colon) != ':') {
            return false;
        }
        for (String speaker : SPEAKERS) {
            if (speaker.length() == end - at && stands(view, at, speaker)) {
                return true;
            }
        }
        return false;
    }

    /** Short strings put into variables and these put together: a = "ign"; b = "ore"; a + b. */
    private static @Nullable Hit pieces(View view, int at) {
        List<Integer> ends = new ArrayList<>();
        int i = at;
        int end = at;
        while (ends.size() < 2 && i < at + 200 && (i == at || view.charAt(i) != '\n' || view.charAt(i + 1) != '\n')) {
            int quoted = view.charAt(i) == '=' ? endOfShortString(view, i + 1) : -1;
            if (quoted > 0) {
                ends.add(quoted);
                i = quoted;
                end = quoted;
            } else if (i == at) {
                return null;
            } else {
                i++;
            }
        }
        if (ends.size() < 2) {
            return null;
        }
        for (i = end; i < at + 390; i++) {
            if (view.charAt(i) == '+' && isName(view, i - 1, -1) && isName(view, i + 1, 1)) {
                return Sign.hit(at, i + 1, 0.45);
            }
        }
        return null;
    }

    private static boolean isName(View view, int at, int step) {
        int i = view.charAt(at) == ' ' ? at + step : at;
        return view.isWordAt(i);
    }

    private static int endOfShortString(View view, int at) {
        int i = view.charAt(at) == ' ' ? at + 1 : at;
        char quote = view.charAt(i);
        if (quote != '"' && quote != '\'') {
            return -1;
        }
        for (int end = i + 1; end < i + 48; end++) {
            char c = view.charAt(end);
            if (c == quote) {
                return end + 1;
            }
            if (c == '\n') {
                return -1;
            }
        }
        return -1;
    }
}
