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
import java.util.Set;

/** Person, tax and licence numbers of the Americas. Each method names the source of the format. */
final class Americas {
    private static final String CURP = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ";
    private static final Set<String> CURP_STATES = Set.of(
            "AS", "BC", "BS", "CC", "CL", "CM", "CS", "CH", "DF", "DG", "GT", "GR", "HG", "JC", "MC", "MN", "MS", "NT",
            "NL", "OC", "PL", "QT", "QR", "SP", "SL", "SR", "TC", "TS", "TL", "VZ", "YN", "ZS", "NE");

    private Americas() {}

    static List<Recogniser> rules() {
        return List.of(
                mxCurp(), brCnpj(), brCpf(), arCuit(), clRut(), coNit(), usSsn(), usItin(), usDea(), usNpi(), caSin());
    }

    /** Social Security Administration, POMS RM 10201.035: no group of zeros, no area 000, 666 or 9xx. */
    static LayoutRecogniser usSsn() {
        return rule("us-ssn", "999_99_9999")
                .check(value -> !value.startsWith("000")
                        && !value.startsWith("666")
                        && value.charAt(0) != '9'
                        && number(value, 3, 5) != 0
                        && number(value, 5, 9) != 0)
                .context("ssn", "social", "security")
                .confidence(0.2, 0.7, 0.95);
    }

    /** Internal Revenue Manual 3.21.263: begins with 9, the group in the ranges given out. */
    static LayoutRecogniser usItin() {
        return rule("us-itin", "999_99_9999")
                .check(value -> value.charAt(0) == '9' && isItinGroup(number(value, 3, 5)))
                .context("itin", "taxpayer", "individual", "tin")
                .confidence(0.2, 0.7, 0.95);
    }

    private static boolean isItinGroup(int group) {
        return (group >= 50 && group <= 65) || (group >= 70 && group <= 99 && group != 89 && group != 93);
    }

    /** Centers for Medicare and Medicaid Services, NPI Final Rule: Luhn with the prefix 80840. */
    static LayoutRecogniser usNpi() {
        return rule("us-npi", "9999999999", "9999_999_999")
                .check(value -> value.charAt(0) <= '2' && value.charAt(0) >= '1' && Checks.luhn("80840" + value))
                .context("npi", "provider")
                .confidence(0.2, 0.2, 0.95);
    }

    /** Drug Enforcement Administration: the odd digits and twice the even ones give the last digit. */
    static LayoutRecogniser usDea() {
        return rule("us-dea", "AX9999999", "AX-9999999")
                .check(value -> "ABCDEFGHJKLMPRSTUX".indexOf(value.charAt(0)) >= 0
                        && (value.charAt(1) >= 'A' || value.charAt(1) == '9')
                        && weighted(value.substring(2), 1, 2, 1, 2, 1, 2) % 10 == digit(value, 8))
                .context("dea", "prescriber", "registrant")
                .confidence(0.35, 0.35, 0.95);
    }

    /** Employment and Social Development Canada, "Social Insurance Number": Luhn. */
    static LayoutRecogniser caSin() {
        return rule("ca-sin", "999_999_999")
                .check(value -> !isRepeated(value) && Checks.luhn(value))
                .context("sin", "insurance", "nas")
                .confidence(0.2, 0.4, 0.95);
    }

    /** Mexican Ministry of the Interior, "Instructivo Normativo para la asignación de la CURP". */
    static LayoutRecogniser mxCurp() {
        return rule("mx-curp", "AAAA_999999_AAAAAA_X9")
                .check(Americas::isCurp)
                .context("curp", "clave")
                .confidence(0.9, 0.9, 0.95);
    }

    private static boolean isCurp(String value) {
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            sum += CURP.indexOf(value.charAt(i)) * (18 - i);
        }
        return isDay(number(value, 6, 8), number(value, 8, 10))
                && "HMX".indexOf(value.charAt(10)) >= 0
                && CURP_STATES.contains(value.substring(11, 13))
                && (10 - sum % 10) % 10 == digit(value, 17);
    }

    /** Receita Federal: two check digits, modulus 11. */
    static LayoutRecogniser brCpf() {
        return rule("br-cpf", "999.999.999-99", "999_999_999_99")
                .check(value -> !isRepeated(value)
                        && weighted(value, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10 == digit(value, 9)
                        && weighted(value, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10 == digit(value, 10))
                .context("cpf", "contribuinte")
                .confidence(0.4, 0.9, 0.95);
    }

    /** Receita Federal, Normative Instruction 2,229/2024: letters count as their ASCII code less 48. */
    static LayoutRecogniser brCnpj() {
        return rule("br-cnpj", "XX.XXX.XXX/XXXX-99", "XXXXXXXXXXXX99")
                .check(value -> !isRepeated(value) && isCnpj(value))
                .context("cnpj", "empresa")
                .confidence(0.4, 0.9, 0.95);
    }

    private static boolean isCnpj(String value) {
        return weighted(value, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10 == digit(value, 12)
                && weighted(value, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10 == digit(value, 13);
    }

    /** Argentine tax authority, CUIT and CUIL: weights 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, modulus 11. */
    static LayoutRecogniser arCuit() {
        return rule("ar-cuit", "99-99999999-9", "99_99999999_9")
                .check(value -> "20 23 24 25 26 27 30 33 34 50 51 55".contains(value.substring(0, 2))
                        && weighted(value, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0)
                .context("cuit", "cuil")
                .confidence(0.35, 0.8, 0.95);
    }

    /** Chilean civil registry, RUT and RUN: weights 2 to 7 from the right, modulus 11, K for ten. */
    static LayoutRecogniser clRut() {
        return rule("cl-rut", "99.999.999-X", "9.999.999-X", "99999999-X", "9999999-X", "99999999X")
                .check(Americas::isRut)
                .context("rut", "run", "rol")
                .confidence(0.2, 0.7, 0.95);
    }

    private static boolean isRut(String value) {
        int sum = 0;
        int last = value.length() - 1;
        for (int i = 0; i < last; i++) {
            sum += digit(value, last - 1 - i) * (2 + i % 6);
        }
        return "0K987654321".charAt(sum % 11) == value.charAt(last);
    }

    /** Colombian tax authority, Orden Administrativa 4 of 1989: weights 41 to 3, modulus 11. */
    static LayoutRecogniser coNit() {
        return rule("co-nit", "999.999.999-9", "999999999-9", "9999999999")
                .check(value ->
                        "01987654321".charAt(weighted(value, 41, 37, 29, 23, 19, 17, 13, 7, 3) % 11) == value.charAt(9))
                .context("nit", "rut")
                .confidence(0.2, 0.6, 0.95);
    }
}
