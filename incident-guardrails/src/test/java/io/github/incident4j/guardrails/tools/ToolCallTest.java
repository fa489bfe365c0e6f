// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolCallTest {

    @Test
    void json_isReadAndWrittenAnew() {
        ToolCall call = ToolCall.ofJson(
                "t", "f", " {\"a\": [1, 2.50, true, null, {}], \"b\" : \"\\u00e9\\\"\", \"c\": 123456789012345678901}");
        assertThat(call.fault()).isEmpty();
        assertThat(call.arguments())
                .containsEntry("a", Arrays.asList(1, new BigDecimal("2.50"), true, null, Map.of()))
                .containsEntry("b", "é\"")
                .containsEntry("c", new BigInteger("123456789012345678901"));
        assertThat(call.json()).isEqualTo("{\"a\":[1,2.50,true,null,{}],\"b\":\"é\\\"\",\"c\":123456789012345678901}");
        assertThat(ToolCall.ofJson("t", "f", call.json())).isEqualTo(call).hasSameHashCodeAs(call);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "null",
                "\"a\"",
                "{",
                "{} {}",
                "{},",
                "{\"a\":1,}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":\"\n\"}",
                "{/**/}",
                "\uFEFF{}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{\"a\":1e1001}",
                "{\"a\":1e999999999}",
                "{\"a\":1e-999999999}",
                "{\"a\":1e99999999999999}",
                "{\"a\":tru}"
            })
    void whatIsNoStrictJsonObject_isAFault(String text) {
        assertThat(ToolCall.ofJson("t", "f", text).fault()).isPresent();
        assertThat(ToolCall.ofJson("t", "f", text).arguments()).isEmpty();
    }

    @Test
    void bounds_holdForTextsAndMaps() {
        assertThat(ToolCall.ofJson("t", "f", nested(32)).fault()).isEmpty();
        assertThat(ToolCall.ofJson("t", "f", nested(33)).fault()).isPresent();
        assertThat(ToolCall.ofJson("t", "f", nested(100_000)).fault()).isPresent();
        assertThat(ToolCall.of("t", "f", ToolCall.ofJson("t", "f", nested(32)).arguments())
                        .fault())
                .isEmpty();
        assertThat(ToolCall.of(
                                "t",
                                "f",
                                Map.of(
                                        "a",
                                        ToolCall.ofJson("t", "f", nested(32)).arguments()))
                        .fault())
                .contains("are deeper than 32");
        String many = "{\"a\":[" + "1,".repeat(99_999) + "1]}";
        assertThat(ToolCall.ofJson("t", "f", many).fault()).contains("hold more than 100000 values");
        assertThat(ToolCall.ofJson("t", "f", "{\"a\":\"" + "x".repeat(1_000_000) + "\"}")
                        .fault())
                .contains("are longer than 1000000 characters");
        assertThat(ToolCall.ofJson("t", "f", "{\"a\":" + "1".repeat(1_001) + "}")
                        .fault())
                .isPresent();
        Map<String, Object> circle = new HashMap<>();
        circle.put("a", circle);
        circle.put("b", circle);
        assertThat(ToolCall.of("t", "f", circle).fault()).isPresent();
    }

    private static String nested(int levels) {
        return "{\"a\":".repeat(levels - 1) + "{}" + "}".repeat(levels - 1);
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void mapsOfTheHost_areCopiedAndHeldAgainstWhatJsonHas() {
        List<Object> list = new ArrayList<>(List.of(1, 2L, 3.5, new BigDecimal("1e3")));
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("list", list);
        given.put("text", CharBuffer.wrap("x"));
        given.put("none", null);
        ToolCall call = ToolCall.of("t", "f", given);
        list.clear();
        given.clear();
        assertThat(call.json()).isEqualTo("{\"list\":[1,2,3.5,1E+3],\"text\":\"x\",\"none\":null}");
        for (Object bad : List.of(
                new Object(),
                'c',
                Double.NaN,
                Float.NEGATIVE_INFINITY,
                new AtomicInteger(),
                Map.of(1, "x"),
                new int[] {1},
                BigInteger.TWO.pow(10_000),
                new BigDecimal("1e2000"))) {
            assertThat(ToolCall.of("t", "f", Map.of("a", bad)).fault()).isPresent();
        }
        assertThat(ToolCall.of("t", "f", null).fault()).contains("are missing");
        assertThat(ToolCall.ofJson(null, null, null).fault()).contains("are missing");
        assertThat(ToolCall.ofJson(null, null, "{}").turn()).isEmpty();
    }

    @Test
    void nothingOfTheCall_getsIntoItsTextOrItsFault() {
        ToolCall call = ToolCall.ofJson("t", "sekret", "{\"sekret\": sekret}");
        assertThat(call.toString()).doesNotContain("sekret");
        assertThat(call.fault().orElseThrow()).doesNotContain("sekret").contains("character");
        assertThat(ToolCall.of("t", "f", Map.of("sekret", "sekret")).toString()).doesNotContain("sekret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"b\":2} | {\"b\":2,\"a\":1} | true",
                "{\"a\":1} | {\"a\":1.0} | true",
                "{\"a\":100} | {\"a\":1e2} | true",
                "{\"a\":\"\\u0078\"} | {\"a\":\"x\"} | true",
                "{\"a\":1} | {\"a\":\"1\"} | false",
                "{\"a\":null} | {\"a\":\"null\"} | false",
                "{\"a\":null} | {} | false",
                "{\"a\":[1,2]} | {\"a\":[2,1]} | false",
                "{\"a\":[[1],2]} | {\"a\":[[1,2]]} | false",
                "{\"a\":\"\\ud800\"} | {\"a\":\"\\udc00\"} | false",
                "{\"a\":{\"b\":1}} | {\"a\":{},\"b\":1} | false",
                "{\"ab\":\"c\"} | {\"a\":\"bc\"} | false"
            })
    void fingerprints_areThoseOfTheValues(String one, String other, boolean same) {
        ToolCall first = ToolCall.ofJson("t", "f", one);
        ToolCall second = ToolCall.ofJson("t", "f", other);
        assertThat(first.fault()).isEmpty();
        assertThat(second.fault()).isEmpty();
        assertThat(first.fingerprint().equals(second.fingerprint())).isEqualTo(same);
        assertThat(first.id().equals(second.id())).isEqualTo(same);
        assertThat(ToolCall.ofJson("t", "g", one).fingerprint()).isNotEqualTo(first.fingerprint());
        assertThat(ToolCall.ofJson("u", "f", one).fingerprint()).isEqualTo(first.fingerprint());
        assertThat(ToolCall.ofJson("u", "f", one).id()).isNotEqualTo(first.id());
    }
}
