// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Checks.digit;
import static io.github.incident4j.guardrails.pii.Checks.isDay;
import static io.github.incident4j.guardrails.pii.Checks.isRepeated;
import static io.github.incident4j.guardrails.pii.Checks.number;
import static io.github.incident4j.guardrails.pii.Checks.weighted;
import static io.github.incident4j.guardrails.pii.Pii.rule;

import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.List;

/**
 * Person, tax and health numbers of Australia, New Zealand, South Africa and Nigeria. Each method names the source of
 * the format.
 */
final class South {
    private South() {}

    static List<Recogniser> rules() {
        return List.of(auAbn(), auMedicare(), auTfn(), nzIrd(), zaId(), ngNin());
    }

    /** Australian Business Register: one less in the first digit, modulus 89. */
    static LayoutRecogniser auAbn() {
        return rule("au-abn", "99_999_999_999")
                .check(value -> value.charAt(0) != '0'
                        && (weighted(value, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19) - 10) % 89 == 0)
                .context("abn", "business")
                .confidence(0.4, 0.8, 0.95);
    }

    /** Services Australia: the ninth digit checks eight with the weights 1, 3, 7, 9; the tenth is the issue. */
    static LayoutRecogniser auMedicare() {
        return rule("au-medicare", "9999_99999_9_9", "9999_99999_9")
                .check(value -> value.charAt(0) >= '2'
                        && value.charAt(0) <= '6'
                        && value.charAt(9) != '0'
                        && weighted(value, 1, 3, 7, 9, 1, 3, 7, 9) % 10 == digit(value, 8))
                .context("medicare", "irn")
                .confidence(0.25, 0.6, 0.95);
    }

    /** Australian Taxation Office: weights 1, 4, 3, 7, 5, 8, 6, 9, 10, modulus 11. */
    static LayoutRecogniser auTfn() {
        return rule("au-tfn", "999_999_999")
                .check(value -> !isRepeated(value) && weighted(value, 1, 4, 3, 7, 5, 8, 6, 9, 10) % 11 == 0)
                .context("tfn", "tax")
                .confidence(0.2, 0.4, 0.95);
    }

    /** New Zealand Inland Revenue, RWT specification: weights 3, 2, 7, 6, 5, 4, 3, 2, else 7, 4, 3, 2, 5, 2, 7, 6. */
    static LayoutRecogniser nzIrd() {
        return rule("nz-ird", "999_999_999", "99_999_999")
                .check(South::isIrd)
                .context("ird", "inland")
                .confidence(0.2, 0.4, 0.95);
    }

    private static boolean isIrd(String value) {
        String nine = value.length() == 8 ? "0" + value : value;
        int number = number(nine, 0, 9);
        int check = (11 - weighted(nine, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11;
        if (check == 10) {
            check = (11 - weighted(nine, 7, 4, 3, 2, 5, 2, 7, 6) % 11) % 11;
        }
        return number > 10_000_000 && number < 150_000_000 && check == digit(nine, 8);
    }

    /** South African Department of Home Affairs: date, citizenship, Luhn. */
    static LayoutRecogniser zaId() {
        return rule("za-id", "999999_9999_999", "9999999999999")
                .check(value -> isDay(number(value, 2, 4), number(value, 4, 6))
                        && value.charAt(10) <= '2'
                        && Checks.luhn(value))
                .context("id", "identity", "rsa", "za", "african", "africa")
                .confidence(0.5, 0.7, 0.95);
    }

    /** Nigerian Identity Management Commission: eleven digits. There is no public checksum. */
    static LayoutRecogniser ngNin() {
        return rule("ng-nin", "9999_999_9999")
                .check(value -> !isRepeated(value))
                .context("nin", "nimc")
                .confidence(0.05, 0.1, 0.8);
    }
}
