// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

/**
 * Keccak-256 as Ethereum uses it: the sponge of the Keccak team's submission of 2011 with rate 1088, and its padding,
 * which differs from that of SHA-3.
 */
final class Keccak {
    private static final int RATE = 136;

    private Keccak() {}

    static byte[] hash256(byte[] message) {
        long[] state = new long[25];
        byte[] padded = new byte[(message.length / RATE + 1) * RATE];
        System.arraycopy(message, 0, padded, 0, message.length);
        padded[message.length] ^= 0x01;
        padded[padded.length - 1] ^= (byte) 0x80;
        for (int i = 0; i < padded.length; i++) {
            state[i % RATE / 8] ^= (padded[i] & 0xFFL) << (8 * (i % 8));
            if (i % RATE == RATE - 1) {
                permute(state);
            }
        }
        byte[] hash = new byte[32];
        for (int i = 0; i < hash.length; i++) {
            hash[i] = (byte) (state[i / 8] >>> (8 * (i % 8)));
        }
        return hash;
    }

    /**
     * Keccak-f[1600], 24 rounds. The round constants come from a shift register, the offsets from a walk of the lanes.
     */
    private static void permute(long[] a) {
        int register = 1;
        for (int round = 0; round < 24; round++) {
            theta(a);
            rhoAndPi(a);
            chi(a);
            for (int j = 0; j < 7; j++) {
                if ((register & 1) != 0) {
                    a[0] ^= 1L << ((1 << j) - 1);
                }
                register = register << 1 ^ (register >> 7) * 0x171;
            }
        }
    }

    private static void theta(long[] a) {
        long[] parity = new long[5];
        for (int i = 0; i < 25; i++) {
            parity[i % 5] ^= a[i];
        }
        for (int i = 0; i < 25; i++) {
            a[i] ^= parity[(i + 4) % 5] ^ Long.rotateLeft(parity[(i + 1) % 5], 1);
        }
    }

    private static void rhoAndPi(long[] a) {
        int x = 1;
        int y = 0;
        long moved = a[1];
        for (int t = 0; t < 24; t++) {
            int nextY = (2 * x + 3 * y) % 5;
            x = y;
            y = nextY;
            long kept = a[x + 5 * y];
            a[x + 5 * y] = Long.rotateLeft(moved, (t + 1) * (t + 2) / 2 % 64);
            moved = kept;
        }
    }

    private static void chi(long[] a) {
        for (int row = 0; row < 25; row += 5) {
            long first = a[row];
            long second = a[row + 1];
            for (int i = 0; i < 3; i++) {
                a[row + i] ^= ~a[row + i + 1] & a[row + i + 2];
            }
            a[row + 3] ^= ~a[row + 4] & first;
            a[row + 4] ^= ~first & second;
        }
    }
}
