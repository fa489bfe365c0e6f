// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Pii.rule;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lines of postal addresses. A street is known by its word for "street" before or after the name, in the order of the
 * country; without one a number, a name and a number count near a context word.
 */
final class Addresses {
    private static final Set<String> CONTEXT = Pii.words("address addresses addressed lives live lived living resides"
            + " reside residence located home house deliver delivery delivered ship shipping billing mailing mail moved"
            + " return restaurant corner adresse anschrift wohnhaft wohnt wohne lieferadresse habite domicile dirección"
            + " direccion domicilio vive indirizzo abita residente endereço morada mora adres woont mieszka adress bor"
            + " 住所 地址 주소 адрес");

    private static final Set<String> MILITARY = Set.of("APO", "FPO", "DPO");
    private static final Set<String> REGIONS = Set.of("AA", "AE", "AP");

    private Addresses() {}

    static List<Recogniser> rules() {
        return List.of(
                new Backward("street-address", "0123456789", true, CONTEXT, StreetLine::earliestStart, Addresses::find),
                poBox(),
                militaryAddress(),
                postalCode(),
                numericPostalCode());
    }

    private static @Nullable Hit find(View view, int at) {
        int end = StreetLine.endOfNumber(view, at);
        if (end == 0) {
            return null;
        }
        StreetLine line = StreetLine.read(view, at, end);
        if (line == null) {
            return null;
        }
        int to = AddressTail.end(view, line.to(), line.lowerCase());
        // A flat or a postal code that follows speaks for a line without a type, too.
        double confirmed = to > line.to() ? 0.6 : 0;
        return switch (line.kind()) {
            case NAMED -> new Hit(line.from(), to, 0.7, 0.95);
            case LIKELY -> new Hit(line.from(), to, Math.max(0.3, confirmed), 0.85);
            case NUMBERED -> new Hit(line.from(), to, Math.max(0.1, confirmed), 0.7);
        };
    }

    /** United States Postal Service, Publication 28, section 28. */
    private static Recogniser poBox() {
        return rule(
                        "po-box",
                        "PO BOX 99999",
                        "PO BOX 9999",
                        "PO BOX 999",
                        "PO BOX 99",
                        "P.O. BOX 99999",
                        "P.O. BOX 9999",
                        "P.O. BOX 999",
                        "P.O. BOX 99")
                .confidence(0.85, 0.85, 0.85);
    }

    /** United States Postal Service, Publication 28, section 238: post office of the forces, region, ZIP code. */
    private static Recogniser militaryAddress() {
        return rule("us-military-address", "AAA AA 99999-9999", "AAA AA 99999", "AAA, AA 99999")
                .check(value -> MILITARY.contains(value.substring(0, 3)) && REGIONS.contains(value.substring(3, 5)))
                .confidence(0.9, 0.9, 0.9);
    }

    /** The postal codes with letters: of the United Kingdom (BS 7666) and of Canada. */
    private static LayoutRecogniser postalCode() {
        return rule("postal-code", "AA9A 9AA", "A9A 9AA", "AA99 9AA", "AA9 9AA", "A99 9AA", "A9 9AA", "A9A 9A9")
                .check(Addresses::isPostalCode)
                .context("postcode", "postal", "address", "zip", "code")
                .confidence(0.5, 0.5, 0.95);
    }

    private static boolean isPostalCode(String value) {
        int last = value.length() - 1;
        boolean canadian = value.charAt(last) <= '9';
        if (canadian) {
            return "DFIOQUWZ".indexOf(value.charAt(0)) < 0
                    && "DFIOQU".indexOf(value.charAt(2)) < 0
                    && "DFIOQU".indexOf(value.charAt(4)) < 0;
        }
        return "QVX".indexOf(value.charAt(0)) < 0
                && "CIKMOV".indexOf(value.charAt(last)) < 0
                && "CIKMOV".indexOf(value.charAt(last - 1)) < 0;
    }

    /** The layouts of postal codes of figures; they count only near a context word, or behind a name of such codes. */
    private static Recogniser numericPostalCode() {
        LayoutRecogniser layouts = rule(
                        "postal-code-digits",
                        "99999-9999",
                        "99999-999",
                        "99999",
                        "9999 AA",
                        "9999AA",
                        "9999",
                        "999 99",
                        "99-999",
                        "999-9999",
                        "9999-999",
                        "999 999",
                        "999999")
                .context(
                        "zipcode",
                        "postcode",
                        "postal",
                        "postalcode",
                        "plz",
                        "postleitzahl",
                        "cep",
                        "pincode",
                        "postnummer",
                        "postnr",
                        "psč",
                        "irányítószám",
                        "郵便番号",
                        "邮编",
                        "우편번호")
                .confidence(0.05, 0.1, 0.85);
        return new Anchored(layouts.rule(), layouts.triggers(), true, layouts.context(), (view, at) -> {
                    Hit hit = layouts.find(view, at);
                    return hit != null && PostalName.isBefore(view, at, hit.to())
                            ? new Hit(at, hit.to(), 0.85, 0.85)
                            : hit;
                })
                .withDigitWithin(layouts.digitWithin())
                .withRun(layouts::mayBeginWithRun)
                .withRuns(layouts::mayBeginWithRuns);
    }
}
