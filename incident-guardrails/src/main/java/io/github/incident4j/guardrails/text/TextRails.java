// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrail.Guardrail;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.Function;

/**
 * Guardrails on texts.
 *
 * <pre>{@code
 * .input(deniedTerms("project nightfall", "Falke-7"))
 * .output(deniedTerms(Answer::text, competitors))
 * }</pre>
 *
 * <p>No method here throws because of what it is given: see {@link Guardrail#faults()}. A guardrail with faults blocks
 * everything.
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
        return DeniedTerms.of(text -> text, terms == null ? null : Arrays.asList(terms));
    }

    /**
     * Blocks a text that holds one of these terms; see the top of this page.
     *
     * @param terms the words and phrases; copied
     * @param <T> the type of the texts
     * @return the guardrail
     */
    public static <T extends CharSequence> Guardrail<T> deniedTerms(Collection<String> terms) {
        return DeniedTerms.of(text -> text, terms);
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
        return DeniedTerms.of(text, terms);
    }
}
