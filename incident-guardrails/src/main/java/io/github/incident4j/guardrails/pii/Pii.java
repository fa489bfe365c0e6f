// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The rules that come with the library. */
final class Pii {
    static final String CATEGORY = "pii";

    private Pii() {}

    /** A rule of this family with its layouts. */
    static LayoutRecogniser rule(String rule, String... layouts) {
        return LayoutRecogniser.of(rule, CATEGORY, layouts);
    }

    /** The rules of which a value says how to reach somebody, or where they are, and proves nothing. */
    static final String[] CONTACT = {
        "email",
        "phone",
        "ipv4",
        "ipv6",
        "mac",
        "url",
        "bic",
        "street-address",
        "po-box",
        "us-military-address",
        "postal-code",
        "postal-code-digits",
        "coordinates",
        "birth-date",
        "licence-plate",
        "vin"
    };

    /** Context words, written with spaces between them. */
    static Set<String> words(String words) {
        return Set.copyOf(List.of(words.split(" ")));
    }

    /** Words for numbers that are of things, and not of persons, cards or devices. */
    static final Set<String> OF_THINGS = words("order orders invoice receipt ticket tracking shipment parcel article"
            + " sku isbn issn ean gtin serial version"
            + " bestellung bestellnummer auftrag auftragsnummer rechnung rechnungsnummer artikelnummer seriennummer"
            + " commande facture colis pedido factura ordine fattura");

    /** All rules. Where two claim the same value with the same confidence, the first has it. */
    static List<Recogniser> rules() {
        return Stream.of(
                        Net.rules(),
                        Money.rules(),
                        Coins.rules(),
                        Americas.rules(),
                        Britain.rules(),
                        WestEurope.rules(),
                        Germany.rules(),
                        SouthEurope.rules(),
                        NorthEurope.rules(),
                        EastEurope.rules(),
                        Asia.rules(),
                        South.rules(),
                        Phones.rules(),
                        Vat.rules(),
                        Documents.rules(),
                        Vehicles.rules(),
                        Dates.rules(),
                        Coordinates.rules(),
                        Addresses.rules())
                .flatMap(List::stream)
                .toList();
    }
}
