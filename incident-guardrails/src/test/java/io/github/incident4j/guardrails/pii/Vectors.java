// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import java.util.List;

/** Values that pass the checks of their rules, all synthetic or the issuers' own specimens, and some that do not. */
final class Vectors {

    /** A value that a rule takes, or does not, and a text that speaks for it. */
    record Vector(String rule, String context, String value) {
        @Override
        public String toString() {
            return rule + " " + value;
        }
    }

    private Vectors() {}

    static List<Vector> vectors(String rule, String context, String... values) {
        return List.of(values).stream()
                .map(value -> new Vector(rule, context, value))
                .toList();
    }

    static List<Vector> all(List<List<Vector>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }

    static List<Vector> valid() {
        return all(List.of(first(), NumberVectors.valid(), FormVectors.valid()));
    }

    static List<Vector> invalid() {
        return all(List.of(firstInvalid(), NumberVectors.invalid(), FormVectors.invalid()));
    }

    private static List<Vector> first() {
        return all(List.of(
                vectors(
                        "email",
                        "",
                        "jo@example.com",
                        "first.last+tag@mail.example.co.uk",
                        "x_1@sub-a.example.museum",
                        "o'neil@example.xn--p1ai"),
                vectors(
                        "url-credentials",
                        "",
                        "https://user:secret@example.com",
                        "postgresql://u:p%40ss@db.example:5432",
                        "ftp://a:b@192.0.2.1"),
                vectors(
                        "iban",
                        "",
                        "DE89370400440532013000",
                        "DE89 3704 0044 0532 0130 00",
                        "GB82 WEST 1234 5698 7654 32",
                        "NO93-8601-1117-947",
                        "MT84MALT011000012345MTLCAST001S",
                        "LC55HEMM000100010012001200023015",
                        "fr14 2004 1010 0505 0001 3m02 606",
                        "RU6704452560004452560044070281041"),
                vectors(
                        "credit-card",
                        "",
                        "4242424242424242",
                        "4242 4242 4242 4242",
                        "5500-0000-0000-0004",
                        "2221000000000009",
                        "3782 822463 10005",
                        "378282246310005",
                        "6011111111111117",
                        "3566002020360505",
                        "3852 000002 3237",
                        "4000000000006",
                        "6200000000000005",
                        "6200000000000001230",
                        "5018000000000009",
                        "5019000000000008",
                        "4242.4242.4242.4242"),
                vectors("credit-card", "card", "501800000009", "1234 56789 012347"),
                vectors(
                        "btc-address",
                        "",
                        "16L5yRNPTuciSgXGHqYwn9N6NeoKqopAu",
                        "33cWaRif1jWtZ8nLPVxgPUVG8fKA6grfEX",
                        "1111111111111111111114oLvT2"),
                vectors(
                        "bech32-address",
                        "",
                        "bc1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysn4v0345",
                        "BC1QQQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSN4V0345",
                        "bc1pqqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0sg5tmnz",
                        "tb1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0s4taa33",
                        "ltc1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysn3s44dy",
                        "bcrt1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysnard0ew"),
                vectors(
                        "fr-nir",
                        "",
                        "255081416802538",
                        "2 55 08 14 168 025 38",
                        "185072A12345665",
                        "2550814168025 38",
                        "1 85 07 2B 123 456 92"),
                vectors("it-codice-fiscale", "", "RSSMRA85T10A562S", "RSSMRA85T10A56NH", "BNC LRA 90A41 H501F"),
                vectors("de-tax-id", "", "86095742719", "65929970489", "86 095 742 719"),
                vectors(
                        "br-cnpj",
                        "CNPJ",
                        "11.222.333/0001-81",
                        "11222333000181",
                        "12.ABC.345/01DE-35",
                        "12ABC34501DE35"),
                vectors("br-cpf", "CPF", "529.982.247-25", "52998224725", "123.456.789-09"),
                vectors("au-abn", "ABN", "18 123 456 789", "51824753556", "51 824 753 556"),
                vectors("es-nif", "NIF", "12345678Z", "12345678-Z", "87.654.321-X", "1234567L", "1.234.567-L"),
                vectors("es-nie", "", "X1234567L", "Y-2345678-Z", "X1234567-L", "X-1234567L"),
                vectors("sg-nric", "", "S1234567D", "T1234567J", "F1234567N", "G1234567X", "M1234567K"),
                vectors("uk-nino", "", "AB123456C", "AB 12 34 56 C", "JG-10-37-59-A", "AB 123456C"),
                vectors("in-pan", "", "ABCPE1234F"),
                vectors("in-aadhaar", "Aadhaar", "2341 2341 2346", "234123412346", "9999-4105-7058"),
                vectors("us-ssn", "SSN", "123-45-6789", "123 45 6789", "123456789"),
                vectors("us-itin", "ITIN", "912-70-1234", "912701234", "999-88-0001"),
                vectors("pl-pesel", "PESEL", "44051401359", "02270100011"),
                vectors(
                        "se-personnummer",
                        "Personnummer",
                        "811218-9876",
                        "19811218-9876",
                        "8112189876",
                        "811218+9876",
                        "198112189876"),
                vectors("uk-nhs", "NHS", "943 476 5919", "9434765919", "400-000-0004", "1234567881"),
                vectors("au-medicare", "Medicare", "2123 45670 1", "2123456701"),
                vectors("au-tfn", "TFN", "123 456 782", "123456782"),
                vectors("ca-sin", "SIN", "123-456-782", "046 454 286", "900000001"),
                vectors("us-aba-routing", "routing", "021000021", "123456780", "0210-0002-1"),
                vectors("ipv4", "", "192.0.2.10", "203.0.113.255", "10.0.0.1"),
                vectors(
                        "ipv6",
                        "",
                        "2001:db8::8a2e:370:7334",
                        "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
                        "fe80::1",
                        "::ffff:192.0.2.1",
                        "2001:db8::"),
                vectors("mac", "", "00:1A:2b:3c:4D:5e", "00-1A-2B-3C-4D-5E", "001a.2b3c.4d5e")));
    }

    private static List<Vector> firstInvalid() {
        return all(List.of(
                vectors(
                        "email",
                        "",
                        "jo@example",
                        "@example.com",
                        "jo@.com",
                        "jo@example.c",
                        "jo@example.123",
                        "a @b.com"),
                vectors(
                        "url-credentials",
                        "",
                        "https://example.com",
                        "https://user@example.com",
                        "https://example.com/a:b@c",
                        "https://:@example.com",
                        "https://u:@example.com"),
                vectors(
                        "iban",
                        "",
                        "DE88370400440532013000",
                        "DE8937040044053201300",
                        "DE893704004405320130000",
                        "XX89370400440532013000",
                        "DE89  3704 0044 0532 0130 00",
                        "GB82 WEST 1234 5698 7654 23"),
                vectors(
                        "credit-card",
                        "card",
                        "4242424242424241",
                        "9242424242424240",
                        "424242424242424242",
                        "4242 4242-4242 4242",
                        "0000000000000000",
                        "42424242.42424242",
                        "4242\n4242\n4242\n4242"),
                vectors(
                        "btc-address",
                        "",
                        "16L5yRNPTuciSgXGHqYwn9N6NeoKqopAv",
                        "mhSSwwKCGrdmF5ZWyyGTnmLer8d9TSPcgu",
                        "16L5yRNPTuciSgXGHqYwn9N6NeoKqopA0"),
                vectors(
                        "bech32-address",
                        "",
                        "bc1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysn4v0346",
                        "bc1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysn4v034B",
                        "bc1"),
                vectors(
                        "fr-nir",
                        "",
                        "255081416802539",
                        "255131416802538",
                        "2550814168025381",
                        "25508141680253838",
                        "955081416802538"),
                vectors("it-codice-fiscale", "", "RSSMRA85T10A562T", "RSSMRA85T10A5625", "RSSMRA85F10A562S"),
                vectors("de-tax-id", "tax", "86095742718", "06095742719"),
                vectors("br-cnpj", "CNPJ", "11.222.333/0001-82", "00.000.000/0000-00"),
                vectors("br-cpf", "CPF", "529.982.247-24", "111.111.111-11"),
                vectors("au-abn", "ABN", "51824753557", "18 123 456 788"),
                vectors("es-nif", "", "12345678A", "1234567Z"),
                vectors("es-nie", "", "X1234567A", "W1234567L"),
                vectors("sg-nric", "", "S1234567E", "A1234567D"),
                vectors("uk-nino", "", "QQ123456C", "BG123456A", "AB123456E", "AB 1234 56 C"),
                vectors("in-pan", "", "ABCDE1234F", "ABCPE0000F", "ABCPE12345"),
                vectors("in-aadhaar", "Aadhaar", "2341 2341 2345", "1341 2341 2346", "2222 2222 2222"),
                vectors(
                        "us-ssn",
                        "SSN",
                        "000-12-3456",
                        "666-12-3456",
                        "900-12-3456",
                        "123-00-4567",
                        "123-45-0000",
                        "123-456789"),
                vectors("us-itin", "ITIN", "912-66-1234", "812-70-1234", "912-93-1234"),
                vectors("pl-pesel", "PESEL", "44051401358", "44051401349", "44053201359"),
                vectors("se-personnummer", "Personnummer", "811218-9875", "811318-9876", "18811218-9876"),
                vectors("uk-nhs", "NHS", "943 476 5918", "9434765910"),
                vectors("au-medicare", "Medicare", "2123 45671 1", "7123456701"),
                vectors("au-tfn", "TFN", "123 456 783"),
                vectors("ca-sin", "SIN", "123-456-783", "000-000-000"),
                vectors("us-aba-routing", "routing", "021000022", "991000021", "000000000"),
                vectors("ipv4", "", "192.0.2.256", "192.0.2", "192.0.2.10.1", "192.0.02.10", "v1.2.3.4"),
                vectors(
                        "ipv6",
                        "",
                        "12:34:56",
                        "2001:db8",
                        "::1",
                        "std::vector",
                        "1:2:3:4:5:6:7:8:9",
                        "a::b::1",
                        "face::bed",
                        "2001:db8::192.0.2",
                        "2001:db8::192.0.2.256"),
                vectors(
                        "mac",
                        "",
                        "00:1A:2B:3C:4D",
                        "00:1A:2B:3C:4D:5E:6F",
                        "00:1A-2B:3C:4D:5E",
                        "00:1A:2B:3C:4D:5G",
                        "00:00:00:00:00:00",
                        "ff:ff:ff:ff:ff:ff")));
    }
}
