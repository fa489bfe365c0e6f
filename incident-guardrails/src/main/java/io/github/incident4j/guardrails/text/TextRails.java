// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Guardrail.Cost;
import io.github.incident4j.guardrails.internal.Action;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.guardrails.internal.Misconfigured;
import io.github.incident4j.guardrails.internal.Rail;
import io.github.incident4j.guardrails.scan.Rules;
import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Guardrails on texts.
 *
 * <pre>{@code
 * .input(deniedTerms("project nightfall", "Falke-7"))
 * .input(tokens(1, 4_000))
 * .output(on(Answer::text, Rails.retrying(competitors("Acme", "Globex"))))
 * .output(on(Answer::text, emptyAnswer()))
 * .output(echo(Answer::prompt, Answer::text))
 * .output(on(Answer::text, promptLeak(systemPrompt)))
 * }</pre>
 *
 * <p>No method here throws because of what it is given: see {@link Guardrail#faults()}. A guardrail with faults blocks
 * everything. Each method says what its guardrail does with what it finds; {@code blocking}, {@code flagging} and
 * {@code retrying} of {@code presets.Rails} make one that does otherwise. Most guardrails judge a text; {@link #on}
 * takes it out of a value. They hold no state and are safe for use by several threads; their time is linear in the
 * texts. A text that is missing (null) is blocked, with the category {@code missing-text}. A finding never holds
 * anything of the text; places in it are UTF-16 units. Lone surrogates are fine.
 *
 * <h2>Denied terms</h2>
 *
 * <p>A text that holds one of the terms, each a word or a phrase, is blocked. The terms are compared as a reader sees
 * them: case, full-width and other compatibility forms (Unicode's NFKC), the length of white space and whether it is a
 * line break, typographic apostrophes and hyphens make no difference, and characters that do not show (zero-width
 * characters, bidirectional controls, soft hyphens, variation selectors, tag characters, control characters) are not
 * there. {@code straße} is {@code STRASSE}.
 *
 * <p>A term is found as a whole word only: {@code bomb} is in {@code "The bomb!"} and not in {@code "bombastic"}. A
 * word goes on from one letter, digit or combining mark to the next. Han, kana, Thai, Lao, Khmer and Myanmar, which are
 * written without spaces, make no words in this sense: a term in them is found anywhere, and beside them a term of
 * another script is a whole word. At an end of a term that is itself no letter or digit, such as that of {@code C++},
 * anything may follow.
 *
 * <p>Not caught: other word forms ({@code bombs}), letters with a space or a sign between each two, look-alike letters
 * of other scripts, leet, added combining marks, and encoded text.
 *
 * <p>The guardrail's name is {@code denied-terms}; rule and category of its findings are {@code denied-term}. A finding
 * holds the term and its place in the list, the first being 1, and nothing of the text. Of several terms in a text it
 * names the one that ends first, then the one that stands first in the list. The time is linear in the text and
 * independent of the number of terms; passing a text of printable ASCII and white space allocates nothing. A text that
 * is missing (null) is blocked, with the category {@code missing-text}.
 *
 * <p>Faults are: no terms, more than 100,000 terms, and a term that is null, blank, invisible, longer than 256
 * characters or holds half a surrogate pair.
 */
public final class TextRails {

    private TextRails() {}

    /**
     * Blocks a text that holds one of these terms; see the top of this page.
     *
     * @param terms the words and phrases
     * @param <T> the type of the texts
     * @return the guardrail
     */
    public static <T extends CharSequence> Guardrail<T> deniedTerms(String... terms) {
        return DeniedTerms.of(DeniedTerms.Kind.DENIED, text -> text, terms == null ? null : Arrays.asList(terms));
    }

    /**
     * Blocks a value whose text holds one of these terms; see the top of this page.
     *
     * @param text takes the text out of the value that is judged
     * @param terms the words and phrases; copied
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> deniedTerms(
            Function<? super T, ? extends CharSequence> text, Collection<String> terms) {
        return DeniedTerms.of(DeniedTerms.Kind.DENIED, text, terms);
    }

    /**
     * Blocks a text that holds the name of a competitor, found as denied terms are; see the top of this page. The
     * guardrail's name is {@code competitors}; rule and category are {@code competitor}.
     *
     * @param names the names, and other ways to write them
     * @return the guardrail
     */
    public static Guardrail<String> competitors(String... names) {
        return DeniedTerms.of(DeniedTerms.Kind.COMPETITOR, text -> text, names == null ? null : Arrays.asList(names));
    }

    /**
     * A rule that finds denied terms, for a {@link io.github.incident4j.guardrails.scan.TextRail}: in its one pass,
     * with its actions, in texts that come in pieces, and decoded. Terms are words as described at the top of this
     * page; what else a text rail makes no difference of makes none here. A term that begins as another does is found
     * where the longer one stands. Between its words there are at most 1,024 characters. Of letters with two marks,
     * written in parts, the rail sees one mark only, and the dotless i of Turkish is a letter of its own within a word.
     * The rule's name and category are {@code denied-term}.
     *
     * @param terms the words and phrases, at most 10,000; what is wrong with them is among the rail's faults
     * @return the rule
     */
    public static Rules deniedTermRules(Collection<String> terms) {
        return TermRule.of(DeniedTerms.Kind.DENIED, terms, false);
    }

    /**
     * As {@link #deniedTermRules}, and somebody may try to hide the terms: the rail looks for them in the folded text,
     * in which look-alikes of other scripts are Latin ({@code bоmb} with a Cyrillic о), digits and signs the letters
     * that they stand for ({@code b0mb}, also {@code $}, {@code @} and {@code !} before a term), letters without
     * accents, and single letters with something between each two a word ({@code b-o-m-b}). So it also finds what is
     * another word there, such as {@code mall} for {@code mail}, as {@code l} and {@code i} are one. What stands over
     * the end of a sentence is not found, over that of a line it is. The rule's name and category are
     * {@code denied-term}.
     *
     * @param terms the words and phrases, at most 10,000, each of four letters at least, or of a script without spaces;
     *     what is wrong with them is among the rail's faults
     * @return the rule
     */
    public static Rules disguisedTermRules(Collection<String> terms) {
        return TermRule.of(DeniedTerms.Kind.DENIED, terms, true);
    }

    /**
     * As {@link #deniedTermRules}, for the names of competitors; the rule's name and category are {@code competitor}.
     *
     * @param names the names, and other ways to write them
     * @return the rule
     */
    public static Rules competitorRules(Collection<String> names) {
        return TermRule.of(DeniedTerms.Kind.COMPETITOR, names, false);
    }

    /**
     * Rules that find regular expressions, for a {@link io.github.incident4j.guardrails.scan.TextRail}: in its one
     * pass, with its actions, and in texts that come in pieces. Each begins with two characters at least that are
     * always the same, such as {@code order-[0-9]{6}}, behind {@code (?i)} and {@code \b} if these are wanted, and has
     * no alternatives outside of brackets; so RE2/J, which must be on the class path, is run where these characters
     * stand only, on 512 characters from there on. Unlike with {@link #deniedPatterns} the text is read as the rail
     * reads it: full-width forms are plain and what does not show is not there. The rules' names are
     * {@code denied-pattern-1} and so on, the category is {@code denied-pattern}.
     *
     * @param patterns the regular expressions; what is wrong with them is among the rail's faults
     * @return the rules
     */
    public static Rules deniedPatternRules(String... patterns) {
        try {
            return Patterns.rules(patterns == null ? new String[0] : patterns);
        } catch (NoClassDefFoundError e) {
            return Rules.of("denied-patterns", List.of()).withFaults(List.of(missingRe2("denied-patterns")));
        }
    }

    /**
     * Retries when a text lacks one of these terms, such as a notice that must be there. They are found as denied terms
     * are; see the top of this page. The guardrail's name is {@code required-terms}; rule and category are
     * {@code required-term}. The finding holds the first term that is missing. Faults are those of denied terms, with
     * 100 terms at most.
     *
     * @param terms the words and phrases, all of which must be there
     * @return the guardrail
     */
    public static Guardrail<String> requiredTerms(String... terms) {
        return RequiredTerms.of(terms == null ? null : Arrays.asList(terms));
    }

    /**
     * Blocks a text in which one of these regular expressions is found. They are run by RE2/J, whose time is linear in
     * the text for every expression; add {@code com.google.re2j:re2j} to the class path, without it the guardrail has a
     * fault. The syntax is that of RE2, without look-arounds and back-references. The text is read as it is: unlike
     * with terms, case, width and characters that do not show make a difference.
     *
     * <p>The guardrail's name and rule is {@code denied-patterns}, the category {@code denied-pattern}. Faults are no
     * patterns, more than 1,000, and a pattern that is missing, longer than 1,000 characters, no regular expression, or
     * larger than 5,000 steps of a program; a pattern whose bounds, such as {@code {1,50}}, multiplied by each other
     * exceed 1,000,000 is one without a look.
     *
     * @param patterns the regular expressions
     * @return the guardrail
     */
    public static Guardrail<String> deniedPatterns(String... patterns) {
        return withRe2("denied-patterns", () -> Patterns.denied(patterns == null ? new String[0] : patterns));
    }

    /**
     * Blocks a text that matches none of these regular expressions as a whole. All else is as with
     * {@link #deniedPatterns}; the guardrail's name and rule is {@code allowed-patterns}, the category
     * {@code not-allowed}.
     *
     * @param patterns the regular expressions
     * @return the guardrail
     */
    public static Guardrail<String> allowedPatterns(String... patterns) {
        return withRe2("allowed-patterns", () -> Patterns.allowed(patterns == null ? new String[0] : patterns));
    }

    /**
     * Blocks a text that is too short or too long, in Unicode code points. The guardrail's name and rule is
     * {@code length}, the category {@code too-short} or {@code too-long}. Faults are a least length below 0, and a most
     * length below 1 or the least one.
     *
     * @param least the least length
     * @param most the most length
     * @return the guardrail
     */
    public static Guardrail<String> characters(int least, int most) {
        return Length.CHARACTERS.between(least, most);
    }

    /**
     * Blocks a text that is too short or too long, in words: what stands between white space and holds a letter or
     * digit; in scripts that are written without spaces, each letter. All else is as with {@link #characters}.
     *
     * @param least the least length
     * @param most the most length
     * @return the guardrail
     */
    public static Guardrail<String> words(int least, int most) {
        return Length.WORDS.between(least, most);
    }

    /**
     * Blocks a text that is too short or too long, in estimated tokens. The estimate knows no vocabulary: a word of up
     * to 7 Latin letters is a token, each 4 more are another, and so is each accented letter; 3 digits, 3 signs or a
     * line break are one, 2 letters of other scripts with spaces, and a little less than a letter of scripts without.
     * How far it is off is in the README; leave a tenth of room for English and a third for other languages. All else
     * is as with {@link #characters}.
     *
     * @param least the least length
     * @param most the most length
     * @return the guardrail
     */
    public static Guardrail<String> tokens(int least, int most) {
        return Length.TOKENS.between(least, most);
    }

    /**
     * Blocks a text in which more than a share of the letters belongs to other scripts than those given. Digits, signs
     * and what Unicode counts as common to all scripts always pass. The guardrail's name and rule is {@code scripts},
     * the category {@code not-allowed}. For Japanese give Han, Hiragana and Katakana. Faults are a share that is not
     * from 0 to 1, no scripts, and what is null.
     *
     * @param share the share of letters of other scripts that passes, such as 0.1 for quotations and names
     * @param scripts the scripts
     * @return the guardrail
     */
    public static Guardrail<String> scripts(double share, UnicodeScript... scripts) {
        List<UnicodeScript> all = scripts == null ? List.of() : Arrays.asList(scripts);
        return new Faults(Scripts.ALLOWED)
                .when(!(share >= 0 && share <= 1), "the share " + share + " is none; give 0 to 1")
                .when(all.isEmpty(), "there is no script; give at least one, such as UnicodeScript.LATIN")
                .when(all.stream().anyMatch(Objects::isNull), "a script is null; remove it")
                .or(Scripts.ALLOWED, () -> {
                    Set<UnicodeScript> allowed = EnumSet.copyOf(all);
                    return Rail.onText(Scripts.ALLOWED, Action.BLOCK, text -> Scripts.outside(text, allowed, share));
                });
    }

    /**
     * Flags a text with a word in which letters of several scripts stand, as in a Latin word with a Cyrillic letter
     * that looks the same. Scripts without spaces have no words in this sense. Of Greek letters beside Latin ones only
     * those count that look like Latin ones; the others are common in formulas. The guardrail's name and rule is
     * {@code mixed-scripts}, the category {@code obfuscation}. Not caught: words all of whose letters are from another
     * script.
     *
     * @return the guardrail
     */
    public static Guardrail<String> mixedScripts() {
        return Rail.onText(Scripts.MIXED, Action.FLAG, Scripts::mixed);
    }

    /**
     * As {@link #repetition(int, int)}, with 4 times and 160 letters: more than the refrain of a song.
     *
     * @return the guardrail
     */
    public static Guardrail<String> repetition() {
        return repetition(4, 160);
    }

    /**
     * Retries when a model has fallen into a loop: a stretch in which the same characters, words, sentences or lines
     * come again and again with nothing between them; or, over the whole text, sentences and lines of 20 characters and
     * more that stood in it before and are more than 60 % of it. Case and the length of white space make no difference.
     * Digits and signs count an eighth of a letter in a stretch, so that tables of zeros and lines of hyphens pass.
     *
     * <p>The guardrail's name and rule is {@code repetition}, the category {@code degeneration}. Not caught: loops that
     * change a number or word in each round. Faults are less than 2 times and less than 1 letter.
     *
     * @param times how often the same must come
     * @param letters how many letters the repeated stretch, or the repeated sentences, must have
     * @return the guardrail
     */
    public static Guardrail<String> repetition(int times, int letters) {
        return new Faults(Repetition.NAME)
                .when(times < 2, times + " times are no repetition; give 2 or more")
                .when(letters < 1, letters + " letters are too few; give 1 or more")
                .or(
                        Repetition.NAME,
                        () -> Rail.onText(Repetition.NAME, Action.RETRY, new Repetition(times, letters)::in));
    }

    /**
     * Flags a text whose letters do not follow each other as in words, such as {@code xkqj wvzpt}: more than 4 bits a
     * letter under a model of pairs of letters. Made for English, German, French, Spanish, Italian, Portuguese, Dutch
     * and Polish, and fit for other languages in Latin letters that were tried (Croatian, Czech, Danish, Hungarian,
     * Latvian, Norwegian, Slovak, Swedish, Turkish, Vietnamese). Texts with fewer than some 40 Latin letters, or in
     * which other letters are the most, are not judged. What is mostly base64 or hash is gibberish, too. Not caught:
     * real words in senseless order.
     *
     * <p>The guardrail's name, rule and category are {@code gibberish}.
     *
     * @return the guardrail
     */
    public static Guardrail<String> gibberish() {
        return Rail.onText(Gibberish.NAME, Action.FLAG, Gibberish::in);
    }

    /**
     * Retries when an answer is empty: nothing that shows ({@code empty}), or nothing but punctuation
     * ({@code only-punctuation}). Brackets and braces, which may be an empty list or object, numbers, currency and
     * mathematical signs and emoji are answers. The guardrail's name and rule is {@code empty-answer}.
     *
     * @return the guardrail
     */
    public static Guardrail<String> emptyAnswer() {
        return Rail.onText(Emptiness.NAME, Action.RETRY, Emptiness::in).costing(Cost.CHEAP);
    }

    /**
     * Flags an answer in which the model declines, by the phrases with which models do so, within the first 240
     * characters. Some hundreds of phrases in English; the commonest in German, French, Spanish, Italian, Portuguese,
     * Dutch, Polish, Chinese and Japanese. The guardrail's name, rule and category are {@code refusal}. Not caught:
     * other words, and refusals that come late. Taken for one: a letter that the model was asked to write and that
     * begins with such words.
     *
     * @return the guardrail
     */
    public static Guardrail<String> refusal() {
        return Rail.onText(Refusal.NAME, Action.FLAG, Refusal::in);
    }

    /**
     * Retries when an answer only repeats the prompt: the same words in the same order, whatever the case and the signs
     * between them, followed by no more than one word for each ten. Prompts of fewer than four words are not judged.
     * The guardrail's name, rule and category are {@code echo}. Taken for one: what was to be repeated, or needed no
     * correction.
     *
     * @param prompt takes the prompt out of the value that is judged
     * @param answer takes the answer out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> echo(Function<? super T, String> prompt, Function<? super T, String> answer) {
        return pair(Copies.ECHO, Action.RETRY, "prompt", prompt, answer, Copies::echo);
    }

    /**
     * As {@link #copyRatio(Function, Function, double)}, with 0.8.
     *
     * @param prompt takes the prompt out of the value that is judged
     * @param answer takes the answer out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> copyRatio(Function<? super T, String> prompt, Function<? super T, String> answer) {
        return copyRatio(prompt, answer, 0.8);
    }

    /**
     * Flags an answer more than a share of whose words is copied from the prompt, in runs of five words and more.
     * Answers of fewer than 20 words are not judged. The guardrail's name and rule is {@code copy-ratio}, the category
     * {@code copy}. Leave it out where answers are to repeat the prompt, as in corrections. Faults are a share that is
     * not from 0 to 1, and what is null.
     *
     * @param prompt takes the prompt out of the value that is judged
     * @param answer takes the answer out of the value that is judged
     * @param most the largest share that passes
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> copyRatio(
            Function<? super T, String> prompt, Function<? super T, String> answer, double most) {
        return pairFaults(Copies.RATIO, "prompt", prompt, answer)
                .when(!(most >= 0 && most <= 1), "the share " + most + " is none; give 0 to 1")
                .or(
                        Copies.RATIO,
                        () -> pair(
                                Copies.RATIO,
                                Action.FLAG,
                                "prompt",
                                prompt,
                                answer,
                                (asked, said) -> Copies.ratio(asked, said, most)));
    }

    /**
     * Blocks a text that repeats 40 letters and digits in a row of the system prompt, some eight words, whatever the
     * case and whatever stands between them; 16 when most letters of the system prompt belong to scripts without
     * spaces; all when it has fewer. What the system prompt has in common with ordinary texts, such as quotations,
     * should be left out of what is given here. The guardrail's name and rule is {@code prompt-leak}, the category
     * {@code leak}. Not caught: paraphrases, translations, encoded text, and look-alike letters. Faults are a system
     * prompt that is missing or has fewer than 16 letters and digits.
     *
     * @param systemPrompt the system prompt
     * @return the guardrail
     */
    public static Guardrail<String> promptLeak(String systemPrompt) {
        return new Faults(PromptLeak.NAME)
                .whenNull(systemPrompt, "the system prompt", "\"You are the assistant of …\"")
                .when(
                        systemPrompt != null && PromptLeak.of(systemPrompt).isTooShort(),
                        "the system prompt has too few letters and digits; give 16 or more, or use deniedTerms")
                .or(PromptLeak.NAME, () -> Rail.onText(PromptLeak.NAME, Action.BLOCK, PromptLeak.of(systemPrompt)::in));
    }

    /**
     * As {@link #promptLeak(String)}, with a system prompt for each value. One with fewer than 16 letters and digits is
     * not looked for.
     *
     * @param systemPrompt takes the system prompt out of the value that is judged
     * @param answer takes the answer out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> promptLeak(
            Function<? super T, String> systemPrompt, Function<? super T, String> answer) {
        return pair(PromptLeak.NAME, Action.BLOCK, "system-prompt", systemPrompt, answer, (secret, said) -> {
            PromptLeak leak = PromptLeak.of(secret);
            return leak.isTooShort() ? null : leak.in(said);
        });
    }

    /**
     * A guardrail on a value out of one on a text. Where the text would be rewritten the value is blocked, because the
     * way back into the value is not known.
     *
     * @param text takes the text out of the value that is judged
     * @param rail the guardrail on the text
     * @param <T> the type of the values that the guardrail judges
     * @return a guardrail of the same name
     */
    public static <T> Guardrail<T> on(Function<? super T, String> text, Guardrail<String> rail) {
        return new Faults("on")
                .whenNull(text, "the function that takes out the text", "Answer::text")
                .whenNull(rail, "the guardrail", "emptyAnswer()")
                .or("on", () -> new OnText<>(text, rail));
    }

    /** Stands outside of the class that knows RE2/J, because that one cannot be loaded without it. */
    private static Guardrail<String> withRe2(String name, Supplier<Guardrail<String>> patterns) {
        try {
            return patterns.get();
        } catch (NoClassDefFoundError e) {
            return new Misconfigured<>(name, List.of(missingRe2(name)));
        }
    }

    private static String missingRe2(String name) {
        return name + ": RE2/J is missing; add com.google.re2j:re2j to the class path";
    }

    private static Faults pairFaults(String call, String what, Object one, Object answer) {
        return new Faults(call)
                .whenNull(one, "the function that takes out the " + what, "Answer::prompt")
                .whenNull(answer, "the function that takes out the answer", "Answer::text");
    }

    private static <T> Guardrail<T> pair(
            String name,
            Action action,
            String what,
            Function<? super T, String> one,
            Function<? super T, String> answer,
            Rail.PairSearch<String, String> search) {
        return pairFaults(name, what, one, answer)
                .or(
                        name,
                        () -> Rail.onPair(
                                name, action, new Rail.Part<>(what, one), new Rail.Part<>("text", answer), search));
    }
}
