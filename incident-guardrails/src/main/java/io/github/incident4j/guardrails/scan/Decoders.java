// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrails.internal.Ascii;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Encodings of whole texts. Each begins where nothing of its own signs stands before. */
final class Decoders {
    static final int FEWEST = 16; // signs of an encoded text
    private static final int PADDING = 2; // of Base64, at most
    private static final int SHORTEST_LINE = 20; // with nothing else in it, of those that are read as one text
    private static final int FULL_LINE = 60; // behind which a line goes on with it whatever else is in it
    private static final int DEEPEST_INDENT = 32;
    private static final String CLOSING = "\"'`<)]}\\"; // what may stand behind an encoded text
    private static final String BLANKS = " \t\r";
    private static final int FEWEST_CODES = 8; // codes with something between each two
    private static final String ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String DIGITS = "0123456789";
    private static final String HEX = "0123456789abcdefABCDEF";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String BETWEEN = " ,:;-\n";
    private static final int LONGEST_CODE = 64;

    private static final Alphabet BASE64_SIGNS = new Alphabet(ALPHANUMERIC + Decoder.SIGNS);
    private static final Alphabet BASE32_SIGNS = new Alphabet(BASE32 + BASE32.toLowerCase(Locale.ROOT));
    private static final Alphabet HEX_SIGNS = new Alphabet(HEX);

    static final List<Decoder> ALL = List.of(
            new InBase64(),
            new InBase32(),
            new InHex(),
            new InCodes("binary", 8, 8, 2),
            new InCodes("decimal", 2, 3, 10),
            new InMorse(),
            new Rot13());

    private Decoders() {}

    /**
     * RFC 4648, sections 4 and 5; of signs that are no whole text, the parts between slashes, hyphens and plus signs.
     */
    private record InBase64() implements Decoder {
        @Override
        public String rule() {
            return "base64";
        }

        @Override
        public String triggers() {
            return ALPHANUMERIC + SIGNS;
        }

        @Override
        public boolean mayBeginWithRun(int length) {
            return length == 0 || length >= FEWEST - PADDING;
        }

        @Override
        public boolean goesOnBehindSigns() {
            return true;
        }

        @Override
        public boolean begins(View view, int at) {
            return !BASE64_SIGNS.has(view.charAt(at - 1)) && !goesOn(view, at, BASE64_SIGNS);
        }

        @Override
        public @Nullable Hit piece(View view, int at, boolean inside) {
            Hit run = run(view, at, BASE64_SIGNS, inside);
            return run == null && !inside ? padded(view, at) : withPadding(view, run, PADDING);
        }

        @Override
        public int next(View view, Hit piece) {
            return nextRun(view, piece, BASE64_SIGNS);
        }

        @Override
        public @Nullable String decode(String lines) {
            return decodedLines(withoutPadding(lines), InBase64::decoded);
        }

        /** So many signs as there must be, with the padding among them. */
        private static @Nullable Hit padded(View view, int at) {
            int signs = BASE64_SIGNS.endOfRow(view, at, FEWEST);
            int to = signs;
            while (to - signs < PADDING && view.charAt(to) == '=') {
                to++;
            }
            return to - at == FEWEST ? new Hit(at, to, 1, 1) : null;
        }

        private static @Nullable String decoded(String encoded) {
            String whole = Bytes.decoded(encoded, 6, InBase64::value);
            if (whole != null) {
                return whole;
            }
            StringBuilder parts = new StringBuilder();
            int from = 0;
            for (int i = 0; i <= encoded.length(); i++) {
                if (i == encoded.length() || !Ascii.isWord(encoded.charAt(i))) {
                    String part = i - from >= FEWEST && i - from < encoded.length()
                            ? Bytes.text(Bytes.bytes(encoded, from, i, 6, InBase64::value))
                            : null;
                    if (part != null) {
                        parts.append(part).append('\n');
                    }
                    from = i + 1;
                }
            }
            return parts.length() == 0 ? null : parts.toString();
        }

        private static int value(char c) {
            return c >= 'a'
                    ? c - 'a' + 26
                    : c >= 'A' && c <= 'Z' ? c - 'A' : Ascii.isDigit(c) ? c - '0' + 52 : other(c);
        }

        private static int other(char c) {
            return c == '+' || c == '-' ? 62 : 63;
        }
    }

    /** RFC 4648, section 6, in capitals or small letters. */
    private record InBase32() implements Decoder {
        @Override
        public String rule() {
            return "base32";
        }

        @Override
        public String triggers() {
            return BASE32 + BASE32.substring(0, 26).toLowerCase(Locale.ROOT);
        }

        @Override
        public boolean mayBeginWithRun(int length) {
            return length >= FEWEST;
        }

        private static int value(char c) {
            return Ascii.isLetter(c) ? (c | 0x20) - 'a' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;
        }

        @Override
        public boolean begins(View view, int at) {
            return !BASE32_SIGNS.has(view.charAt(at - 1)) && !goesOn(view, at, BASE32_SIGNS);
        }

        @Override
        public @Nullable Hit piece(View view, int at, boolean inside) {
            return withPadding(view, row(view, at, BASE32_SIGNS, inside), 6);
        }

        @Override
        public int next(View view, Hit piece) {
            return nextRun(view, piece, BASE32_SIGNS);
        }

        @Override
        public @Nullable String decode(String lines) {
            return decodedLines(withoutPadding(lines), InBase32::decoded);
        }

        private static @Nullable String decoded(String signs) {
            return isOfOneCase(signs) ? Bytes.decoded(signs, 5, InBase32::value) : null;
        }

        private static boolean isOfOneCase(String signs) {
            int cases = 0;
            for (int i = 0; i < signs.length(); i++) {
                char c = signs.charAt(i);
                cases |= c >= 'a' ? 1 : c >= 'A' ? 2 : 0;
            }
            return cases < 3;
        }
    }

    /**
     * Pairs of hexadecimal digits (RFC 4648, section 8), in a row, also behind {@code 0x} or {@code \x}, or with the
     * same sign or 0x between each two.
     */
    private record InHex() implements Decoder {
        @Override
        public String rule() {
            return "hex";
        }

        @Override
        public String triggers() {
            return HEX + "xX";
        }

        @Override
        public boolean mayBeginWithRun(int length) {
            return length >= FEWEST || length == 2 || length == 4; // 4b, 0x4b
        }

        @Override
        public boolean begins(View view, int at) {
            return isX(view.charAt(at))
                    ? view.charAt(at - 1) == '\\'
                    : !HEX_SIGNS.has(view.charAt(at - 1))
                            && beginsCodes(view, at, 2, 2, HEX)
                            && !goesOn(view, at, HEX_SIGNS);
        }

        @Override
        public @Nullable Hit piece(View view, int at, boolean inside) {
            int from = at + prefix(view, at);
            int to = endOfRun(view, from, HEX_SIGNS, inside);
            if (to - from < FEWEST) {
                return codes(view, at, 2, 2, HEX);
            }
            Hit row = row(view, from, HEX_SIGNS, inside);
            return row == null ? null : new Hit(at, row.to(), 1, 1);
        }

        private static boolean isX(char c) {
            return c == 'x' || c == 'X';
        }

        private static int prefix(View view, int at) {
            return isX(view.charAt(at)) ? 1 : view.charAt(at) == '0' && isX(view.charAt(at + 1)) ? 2 : 0;
        }

        @Override
        public int next(View view, Hit piece) {
            int from = piece.from() + prefix(view, piece.from());
            boolean row = BETWEEN.indexOf(view.charAt(from + 2)) < 0;
            return row ? nextRun(view, new Hit(from, piece.to(), 1, 1), HEX_SIGNS) : nextCode(view, piece);
        }

        @Override
        public @Nullable String decode(String lines) {
            return lines.length() > 2 && HEX_SIGNS.has(lines.charAt(2))
                    ? decodedLines(lines, InHex::decoded)
                    : decoded(lines);
        }

        private static @Nullable String decoded(String encoded) {
            StringBuilder digits = new StringBuilder(encoded.length());
            for (int i = 0; i < encoded.length(); i++) {
                if (HEX.indexOf(encoded.charAt(i)) >= 0) {
                    digits.append(encoded.charAt(i));
                } else if (isX(encoded.charAt(i))) {
                    digits.setLength(Math.max(0, digits.length() - 1)); // the zero before it
                }
            }
            return Bytes.decoded(digits.toString(), 4, c -> Character.digit(c, 16));
        }
    }

    /** Numbers of characters with the same sign between each two. */
    private record InCodes(String rule, int fewestDigits, int mostDigits, int radix) implements Decoder {
        @Override
        public String triggers() {
            return radix == 2 ? "01" : DIGITS;
        }

        @Override
        public boolean mayBeginWithRun(int length) {
            return length >= fewestDigits && length <= mostDigits;
        }

        @Override
        public boolean begins(View view, int at) {
            return beginsCodes(view, at, fewestDigits, mostDigits, triggers());
        }

        @Override
        public @Nullable Hit piece(View view, int at, boolean inside) {
            return codes(view, at, fewestDigits, mostDigits, triggers());
        }

        @Override
        public int next(View view, Hit piece) {
            return nextCode(view, piece);
        }

        @Override
        public @Nullable String decode(String encoded) {
            byte[] bytes = new byte[encoded.length()];
            int size = 0;
            int from = -1;
            for (int i = 0; i <= encoded.length(); i++) {
                boolean digit = i < encoded.length() && Ascii.isDigit(encoded.charAt(i));
                if (digit && from < 0) {
                    from = i;
                } else if (!digit && from >= 0) {
                    int code = Integer.parseInt(encoded, from, i, radix);
                    if (code > 0xFF) {
                        return null;
                    }
                    bytes[size++] = (byte) code;
                    from = -1;
                }
            }
            return Bytes.text(Arrays.copyOf(bytes, size));
        }
    }

    /** ITU-R M.1677-1; words apart by a slash, a bar or several spaces. */
    private record InMorse() implements Decoder {
        private static final String SIGNS = ".-/| ";
        private static final Map<String, Character> LETTERS = letters();

        private static Map<String, Character> letters() {
            String[] codes =
                    (".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.."
                                    + " ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.")
                            .split(" ", -1);
            Map<String, Character> letters = new HashMap<>();
            for (int i = 0; i < codes.length; i++) {
                letters.put(codes[i], (char) (i < 26 ? 'a' + i : '0' + i - 26));
            }
            return Map.copyOf(letters);
        }

        @Override
        public String rule() {
            return "morse";
        }

        @Override
        public String triggers() {
            return ".-";
        }

        @Override
        public boolean begins(View view, int at) {
            return SIGNS.indexOf(view.charAt(at - 1)) < 0;
        }

        @Override
        public @Nullable Hit piece(View view, int at, boolean inside) {
            int to = at;
            int lastGap = at;
            int gaps = 0;
            while (to - at < LONGEST && SIGNS.indexOf(view.charAt(to)) >= 0) {
                if (view.charAt(to) == ' ') {
                    gaps++;
                    lastGap = to;
                }
                to++;
            }
            int end = to - at < LONGEST ? to : lastGap + 1; // no code is cut
            return gaps < FEWEST_CODES ? null : new Hit(at, end, 1, 1);
        }

        @Override
        public int next(View view, Hit piece) {
            return nextCode(view, piece);
        }

        @Override
        public @Nullable String decode(String encoded) {
            StringBuilder text = new StringBuilder();
            for (String word : encoded.split("[/|]|  +", -1)) {
                for (String code : word.strip().split(" ", -1)) {
                    Character letter = LETTERS.get(code);
                    if (letter == null && !code.isEmpty()) {
                        return null;
                    }
                    text.append(letter == null ? "" : letter);
                }
                text.append(' ');
            }
            return text.toString();
        }
    }

    /** The signs of an encoding. */
    private static final class Alphabet {
        private final Signs others;

        Alphabet(String signs) {
            others = Signs.allBut(signs);
        }

        boolean has(char c) {
            return !others.has(c);
        }

        /** The end of a row of them. */
        int endOfRow(View view, int from, int most) {
            return view.indexOf(others, from, from + most);
        }
    }

    /** Enough signs in a row, with no letter or digit behind them. */
    private static @Nullable Hit row(View view, int at, Alphabet sign, boolean inside) {
        Hit run = run(view, at, sign, inside);
        return run == null || (view.isWordAt(run.to()) && !isFull(run)) ? null : run;
    }

    /** Enough signs in a row, or in lines. */
    private static @Nullable Hit run(View view, int at, Alphabet sign, boolean inside) {
        int to = endOfRun(view, at, sign, inside);
        return to - at < FEWEST ? null : new Hit(at, to, 1, 1);
    }

    /** The end of signs in a row, or in lines that are long enough, or of a full piece. */
    private static int endOfRun(View view, int at, Alphabet sign, boolean inside) {
        int to = at;
        int line = inside ? at - FULL_LINE : at;
        while (to - at < Decoder.LONGEST) {
            to = sign.endOfRow(view, to, Decoder.LONGEST - (to - at));
            if (to - at >= Decoder.LONGEST || to - line < SHORTEST_LINE) {
                break;
            }
            int next = nextLine(view, to);
            if (next < 0 || !isLine(view, next, to - line, sign)) {
                break;
            }
            line = next;
            to = next;
        }
        return to;
    }

    /** Where what stands in the line behind an index begins; -1 when the line does not end there. */
    private static int nextLine(View view, int end) {
        int at = skip(view, end, BLANKS, 2);
        return view.charAt(at) == '\n' && !view.isEnd(at) ? skip(view, at + 1, BLANKS, DEEPEST_INDENT) : -1;
    }

    private static int skip(View view, int from, String set, int most) {
        int to = from;
        while (to - from < most && set.indexOf(view.charAt(to)) >= 0) {
            to++;
        }
        return to;
    }

    /**
     * Whether what stands at the beginning of a line goes on with a line of so many signs (RFC 2045, section 6.8: 76):
     * behind a shorter one it has nothing else in it, so that a row of long words is not read with the next sentence.
     */
    private static boolean isLine(View view, int at, int before, Alphabet sign) {
        if (!sign.has(view.charAt(at))) {
            return false;
        }
        if (before >= FULL_LINE && sign == BASE64_SIGNS) {
            return true;
        }
        int end = skip(view, sign.endOfRow(view, at, Decoder.LONGEST), "=", 6);
        return CLOSING.indexOf(view.charAt(end)) >= 0 || view.charAt(skip(view, end, BLANKS, 2)) == '\n';
    }

    /** With the signs at the end that make the number of signs a whole one. */
    private static @Nullable Hit withPadding(View view, @Nullable Hit piece, int most) {
        if (piece == null || isFull(piece)) {
            return piece;
        }
        int to = piece.to();
        while (to - piece.to() < most && view.charAt(to) == '=') {
            to++;
        }
        return new Hit(piece.from(), to, 1, 1);
    }

    private static String withoutPadding(String encoded) {
        int padding = encoded.indexOf('=');
        return padding < 0 ? encoded : encoded.substring(0, padding);
    }

    private static boolean isFull(Hit piece) {
        return piece.to() - piece.from() >= Decoder.LONGEST;
    }

    /** Behind the first half of the signs of a full piece; what is no sign is passed over. */
    private static int nextRun(View view, Hit piece, Alphabet sign) {
        if (!isFull(piece)) {
            return Decoder.NONE;
        }
        int at = piece.from();
        for (int signs = 0; signs < Decoder.STEP || !sign.has(view.charAt(at)); at++) {
            signs += sign.has(view.charAt(at)) ? 1 : 0;
        }
        return at;
    }

    /** Behind the first half of a full piece, where a code begins. */
    private static int nextCode(View view, Hit piece) {
        if (piece.to() - piece.from() < Decoder.LONGEST - LONGEST_CODE) {
            return Decoder.NONE;
        }
        int at = piece.from() + Decoder.STEP;
        while (at < piece.to() && BETWEEN.indexOf(view.charAt(at)) < 0) {
            at++;
        }
        while (at < piece.to() && BETWEEN.indexOf(view.charAt(at)) >= 0) {
            at++;
        }
        return at < piece.to() ? at : Decoder.NONE;
    }

    /** Whether a line begins here that goes on with what stood in the line before. */
    private static boolean goesOn(View view, int at, Alphabet sign) {
        int end = at - 1;
        while (at - end <= DEEPEST_INDENT && BLANKS.indexOf(view.charAt(end)) >= 0) {
            end--;
        }
        if (view.charAt(end) != '\n') {
            return false;
        }
        int last = end;
        while (end - last < 2 && BLANKS.indexOf(view.charAt(last - 1)) >= 0) {
            last--;
        }
        int before = 0;
        while (before < FULL_LINE && sign.has(view.charAt(last - 1 - before))) {
            before++;
        }
        return before >= SHORTEST_LINE && isLine(view, at, before, sign);
    }

    /** What is decoded of all lines together; where that is no text, of each by itself. */
    private static @Nullable String decodedLines(String lines, Function<String, @Nullable String> decoded) {
        String whole = decoded.apply(lines.replaceAll("\\s", ""));
        if (whole != null || lines.indexOf('\n') < 0) {
            return whole;
        }
        StringBuilder texts = new StringBuilder();
        for (String line : lines.split("\\s+", -1)) {
            String text = line.length() < FEWEST ? null : decoded.apply(line);
            if (text != null) {
                texts.append(text).append('\n');
            }
        }
        return texts.length() == 0 ? null : texts.toString();
    }

    /** Whether no code stands before, with something between the two. */
    private static boolean beginsCodes(View view, int at, int fewestDigits, int mostDigits, String digits) {
        if (BETWEEN.indexOf(view.charAt(at - 1)) < 0) {
            return true;
        }
        int end = at - 2;
        int i = end;
        while (end - i <= mostDigits && digits.indexOf(view.charAt(i)) >= 0) {
            i--;
        }
        int size = end - i;
        i -= digits.equals(HEX) && view.charAt(i) == 'x' && view.charAt(i - 1) == '0' ? 2 : 0;
        return size < fewestDigits || size > mostDigits || view.isWordAt(i);
    }

    /** Enough codes with the same sign between each two. */
    private static @Nullable Hit codes(View view, int at, int fewestDigits, int mostDigits, String digits) {
        int to = at;
        int count = 0;
        char between = 0;
        while (to - at < Decoder.LONGEST) {
            int from = to;
            if (count > 0) {
                char c = view.charAt(from);
                if (BETWEEN.indexOf(c) < 0 || (between != 0 && c != between)) {
                    break;
                }
                between = c;
                from++;
            }
            from += digits.equals(HEX) && view.charAt(from) == '0' && view.charAt(from + 1) == 'x' ? 2 : 0;
            int end = from;
            while (end - from <= mostDigits && digits.indexOf(view.charAt(end)) >= 0) {
                end++;
            }
            if (end - from < fewestDigits || end - from > mostDigits || view.isWordAt(end)) {
                break;
            }
            count++;
            to = end;
        }
        return count < FEWEST_CODES ? null : new Hit(at, to, 1, 1);
    }
}
