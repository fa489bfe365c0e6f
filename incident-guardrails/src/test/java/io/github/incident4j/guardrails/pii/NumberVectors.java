// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Vectors.vectors;

import io.github.incident4j.guardrails.pii.Vectors.Vector;
import java.util.List;

/**
 * Values of the rules that came second: specimens of the issuers, examples that stand in public descriptions of the
 * formats, and invented ones.
 */
final class NumberVectors {

    private NumberVectors() {}

    static List<Vector> valid() {
        return Vectors.all(List.of(
                vectors("bic", "BIC", "DEUTDEFF", "DEUTDEFF500", "NEDSZAJJXXX", "DEUTDE-FF-500"),
                vectors(
                        "eth-address",
                        "",
                        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
                        "0xde709f2102306220921060314715629080e2fb77",
                        "0X52908400098527886E0F7030069857D2E4169EE7"),
                vectors(
                        "coin-address",
                        "",
                        "mhSSwwKCGrdmF5ZWyyGTnmLer8d9TSPcgu",
                        "LKDyUEtTR1HXamkiEphisSiBJu6o3ZPE34",
                        "M7uBSTV2qNDHDe2tHfNMqhFkZucgRMpJQk",
                        "D597kHXGdkwkryF9oGhz9Bp1ypTpD1u99Z",
                        "Xags3HEXJ4G4Uuf8va2eSxLCw2KCyEhiJ7",
                        "T9yED5xMV5ARV98BexN97aLZ1UUq7eKSxm",
                        "2MsFFCK16VhsCcvPXruztdzzcTZEQCbNKjJ"),
                vectors("us-npi", "NPI", "1234567893", "1245319599", "1234-567-893"),
                vectors("us-dea", "DEA", "AB1234563", "F91234563"),
                vectors("mx-curp", "", "BOXW310820HNERXN09", "HEGG560427MVZRRL04"),
                vectors("ar-cuit", "CUIT", "20-05536168-2", "20055361682", "20 05536168 2"),
                vectors("cl-rut", "RUT", "12.531.909-2", "12531909-2", "125319092", "76.086.428-5", "10.000.013-K"),
                vectors("co-nit", "NIT", "213.123.432-1", "2131234351"),
                vectors("uk-driving-licence", "", "MORGA657054SM9IJ", "MORGA 657054 SM9IJ", "FOX99551015J99AB"),
                vectors("ie-ppsn", "PPSN", "6433435F", "6433435FT", "6433435FW", "6433435OA", "6433435IH"),
                vectors(
                        "be-national-number",
                        "",
                        "85.07.30-033.28",
                        "85073003328",
                        "17 07 30 033 84",
                        "85.07.30-033-28"),
                vectors("nl-bsn", "BSN", "111222333", "123456782", "1112.22.333"),
                vectors("at-svnr", "SVNR", "1237 010180", "1237010180"),
                vectors("ch-ahv", "", "756.9217.0769.85", "7569217076985", "756 9217 0769 85"),
                vectors(
                        "de-id-card",
                        "Personalausweis",
                        "T220001293",
                        "L01X00T47",
                        "L01X00T471",
                        "C01X00T47",
                        "l01x00t44"),
                vectors("de-social-security", "", "15070649C103", "15 070649 C 10 3", "65070803A019", "10010490A443"),
                vectors("de-health-insurance", "Krankenkasse", "A123456780", "M123456785", "Z999999997", "a123456780"),
                vectors("de-lanr", "LANR", "123456601", "987654401"),
                vectors("pt-nif", "NIF", "123456789", "501 964 843"),
                vectors("gr-amka", "AMKA", "01013099997"),
                vectors("tr-kimlik", "Kimlik", "17291716060", "10000000146"),
                vectors("hr-oib", "OIB", "33392005961"),
                vectors("jmbg", "JMBG", "0101006500006", "0710003730015"),
                vectors("dk-cpr", "CPR", "211062-5629", "2110625629", "211062 5629"),
                vectors("fi-hetu", "", "131052-308T", "131052A308T", "131052+308T", "131052a308t"),
                vectors("no-fodselsnummer", "fnr", "15108695088", "151086 95088"),
                vectors("is-kennitala", "kennitala", "120174-3399", "1201743399"),
                vectors("baltic-personal-code", "isikukood", "36805280109", "33309240064"),
                vectors("lv-personas-kods", "personas kods", "161175-19997", "16117519997", "320000-00001"),
                vectors("cz-rodne-cislo", "rodné číslo", "710319/2745", "7103192745", "531231/123"),
                vectors("ro-cnp", "CNP", "1630615123457"),
                vectors("bg-egn", "EGN", "7523169263", "8032056031"),
                vectors("hu-personal-id", "személyi", "1 610203 0003", "16102030003", "39902030009"),
                vectors("hu-taj", "TAJ", "123 456 788", "123456788"),
                vectors("in-gstin", "", "27AAPFU0939F1ZV", "27-AAPFU-0939-F1-ZV", "27AAPFU0939F1ZO"),
                vectors("jp-my-number", "my number", "6214 9832 0257", "621498320257", "6214-9832-0257"),
                vectors("kr-rrn", "RRN", "971013-9019902", "9710139019902", "971013-9019903"),
                vectors("cn-resident-id", "", "11010519491231002X", "440524198001010013"),
                vectors("tw-id", "national", "A123456789", "a123456789"),
                vectors("hk-id", "HKID", "A123456(3)", "A1234563", "AB987654(3)"),
                vectors("th-id", "Thai", "1-2345-45678-78-1", "3100600445635"),
                vectors("my-nric", "MyKad", "770305-02-1234", "770305021234"),
                vectors("il-id", "Israel", "039337423", "03933742-3"),
                vectors("id-nik", "NIK", "3171011708450001", "3171015708450001"),
                vectors("nz-ird", "IRD", "49-098-576", "49098576", "136410132", "136-410-132"),
                vectors("za-id", "", "8001015009087", "800101 5009 087", "9202201234088"),
                vectors("ng-nin", "NIN", "12345678901", "1234 567 8901")));
    }

    static List<Vector> invalid() {
        return Vectors.all(List.of(
                vectors("bic", "BIC", "DEUTXXFF", "deutdeff", "DEUTDEF", "DEUTDEFF50", "DEUTDEFF5000", "DEUT1EFF"),
                vectors(
                        "eth-address",
                        "",
                        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
                        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe",
                        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed0",
                        "0xge709f2102306220921060314715629080e2fb77"),
                vectors("coin-address", "", "mhSSwwKCGrdmF5ZWyyGTnmLer8d9TSPcgv", "16L5yRNPTuciSgXGHqYwn9N6NeoKqopAu"),
                vectors("us-npi", "NPI", "1234567894", "3234567893"),
                vectors("us-dea", "DEA", "AB1234564", "IB1234563"),
                vectors("mx-curp", "", "BOXW310820HNERXN08", "BOXW311320HNERXN09", "BOXW310820HXXRXN09"),
                vectors("ar-cuit", "CUIT", "20-05536168-3", "21-05536168-2"),
                vectors("cl-rut", "RUT", "12.531.909-3", "12.531.909-K"),
                vectors("co-nit", "NIT", "213.123.432-2", "2131234350"),
                vectors("uk-driving-licence", "", "MORGA667054SM9IJ", "MORGA653954SM9IJ", "9ORGA657054SM9IJ"),
                vectors("ie-ppsn", "PPSN", "6433435E", "6433435VH", "6433435FA"),
                vectors("be-national-number", "", "85.07.30-033.29", "12345678901"),
                vectors("nl-bsn", "BSN", "111222334", "000000000"),
                vectors("at-svnr", "SVNR", "2237 010180", "1237 320180"),
                vectors("ch-ahv", "", "756.9217.0769.84", "757.9217.0769.85"),
                vectors("de-id-card", "Personalausweis", "A01234567", "IOQSUBDE1", "L01X00T472", "C0123456A"),
                vectors("de-social-security", "", "15070649C100", "15071349C103", "01070649C103"),
                vectors("de-health-insurance", "Krankenkasse", "A123456787", "1123456780", "A12345678", "A1234567890"),
                vectors("de-lanr", "LANR", "123456901", "100000401", "12345660"),
                vectors("pt-nif", "NIF", "123456788", "423456789"),
                vectors("gr-amka", "AMKA", "01013099998", "01133099997"),
                vectors("tr-kimlik", "Kimlik", "17291716050", "07291716092"),
                vectors("hr-oib", "OIB", "33392005962"),
                vectors("jmbg", "JMBG", "0101006500007", "0113006500006"),
                vectors("dk-cpr", "CPR", "511062-5629", "211362-5629", "290203-5629"),
                vectors("fi-hetu", "", "131052-308U", "311352-308Y", "131052G308T"),
                vectors("no-fodselsnummer", "fnr", "15108695077", "15138695088"),
                vectors("is-kennitala", "kennitala", "120174-3389", "121374-3399"),
                vectors("baltic-personal-code", "isikukood", "36805280108", "96805280109"),
                vectors("lv-personas-kods", "personas kods", "161175-19998", "161375-19997"),
                vectors("cz-rodne-cislo", "rodné číslo", "710319/2746", "110349/2745", "590312/123"),
                vectors("ro-cnp", "CNP", "1630615123458", "1632215123457", "0800101221142"),
                vectors("bg-egn", "EGN", "7523169264", "8019010008"),
                vectors("hu-personal-id", "személyi", "1 610203 0004", "1 611303 0003"),
                vectors("hu-taj", "TAJ", "123 456 789"),
                vectors("in-gstin", "", "00ABCDE1234F1Z5", "27ABCDE1234F1Y5", "27ABCDE1234F0Z5", "27AAPFU0000F1ZV"),
                vectors("jp-my-number", "my number", "6214 9832 0258", "000000000000"),
                vectors("kr-rrn", "RRN", "971313-9019902", "971013-901990"),
                vectors("cn-resident-id", "", "110105194912310021", "11010518491231002X", "11010519491331002X"),
                vectors("tw-id", "national", "A123456788", "A323456789"),
                vectors("hk-id", "HKID", "A123456(4)", "A1234564", "A123456(B)"),
                vectors("th-id", "Thai", "1-2345-45678-78-9", "0100600445635"),
                vectors("my-nric", "MyKad", "771305-02-1234", "770305-00-1234"),
                vectors("il-id", "Israel", "039337422", "000000000"),
                vectors("id-nik", "NIK", "0971011708450001", "3171013208450001", "3171011713450001"),
                vectors("nz-ird", "IRD", "49-098-577", "9125568", "150-000-001"),
                vectors("za-id", "", "8001015009086", "9913326789285", "8001015009378"),
                vectors("ng-nin", "NIN", "1234567890", "11111111111")));
    }
}
