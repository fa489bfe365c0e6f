// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.List;

/** The rules that come with the library. */
final class Pii {
    static final String CATEGORY = "pii";

    private Pii() {}

    /** All rules, the stronger before the weaker where two may claim the same value. */
    static List<Recogniser> rules() {
        return List.of(
                Net.email(),
                Net.urlCredentials(),
                Money.iban(),
                Identifiers.creditCard(),
                Money.btcAddress(),
                Money.bech32Address(),
                Identifiers.frNir(),
                Identifiers.itCodiceFiscale(),
                Identifiers.deTaxId(),
                Identifiers.brCnpj(),
                Identifiers.brCpf(),
                Identifiers.auAbn(),
                Identifiers.esNif(),
                Identifiers.esNie(),
                Identifiers.sgNric(),
                Identifiers.ukNino(),
                Identifiers.inPan(),
                Identifiers.inAadhaar(),
                Identifiers.usSsn(),
                Identifiers.usItin(),
                Identifiers.plPesel(),
                Identifiers.sePersonnummer(),
                Identifiers.ukNhs(),
                Identifiers.auMedicare(),
                Identifiers.auTfn(),
                Identifiers.caSin(),
                Identifiers.usAbaRouting(),
                Net.ipV4(),
                Net.ipV6(),
                Net.mac());
    }
}
