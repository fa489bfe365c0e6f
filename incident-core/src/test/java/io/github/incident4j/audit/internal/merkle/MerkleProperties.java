// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of trees and proofs. */
class MerkleProperties {
    private static byte[] leaf(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static StoredTree tree(int size) throws IOException {
        StoredTree tree = new StoredTree();
        for (int i = 0; i < size; i++) {
            tree.append(leaf(i));
        }
        return tree;
    }

    private static byte[] leafHash(int i) {
        return new Hashes().leaf(leaf(i), 0, 4);
    }

    /** MTH of RFC 6962, section 2.1, as it is written there. */
    private static byte[] naiveRoot(int from, int to) {
        if (to - from == 1) {
            return leafHash(from);
        }
        int k = Integer.highestOneBit(to - from - 1);
        return new Hashes().node(naiveRoot(from, from + k), naiveRoot(from + k, to));
    }

    @Property(tries = 60)
    void root_isThatOfTheDefinition(@ForAll @IntRange(min = 1, max = 3_000) int size) throws IOException {
        StoredTree tree = tree(size);
        assertThat(tree.root())
                .isEqualTo(naiveRoot(0, size))
                .isEqualTo(tree.proofs().root());
    }

    /** For want of memory, in the sink or in the midst of a digest. */
    @Property(tries = 20)
    void errorInAnAppend_leavesALeafOrNone(
            @ForAll @IntRange(min = 1, max = 9_000) int size, @ForAll @IntRange(min = 1, max = 40) int every)
            throws IOException {
        AtomicInteger errors = new AtomicInteger();
        MerkleTree tree = new MerkleTree((level, index, tile) -> {
            if (errors.incrementAndGet() % every == 0) {
                throw new OutOfMemoryError("injected");
            }
        });
        Hashes hashes = new Hashes();
        for (int i = 0; i < size; i++) {
            if (i % 100 == 0) {
                assertThatThrownBy(() -> hashes.leaf(new byte[1], 0, 2)).isInstanceOf(IllegalArgumentException.class);
            }
            byte[] leaf = hashes.leaf(leaf(i), 0, 4);
            try {
                tree.append(leaf);
            } catch (OutOfMemoryError e) {
                assertThat(tree.size()).isEqualTo(i + 1);
            }
        }
        assertThat(tree.root()).isEqualTo(naiveRoot(0, size));
    }

    @Property(tries = 60)
    void treeThatIsTakenUpAgain_goesOnAsIfNothingHadHappened(
            @ForAll @IntRange(min = 0, max = 70_000) int size, @ForAll @IntRange(min = 1, max = 600) int more)
            throws IOException {
        StoredTree tree = tree(size);
        byte[] before = tree.root();
        tree.restore();
        assertThat(tree.root()).isEqualTo(before);
        for (int i = size; i < size + more; i++) {
            tree.append(leaf(i));
        }
        assertThat(tree.root()).isEqualTo(tree(size + more).root());
    }

    @Property(tries = 300)
    void inclusionProof_holdsAndNoChangedOneDoes(
            @ForAll @IntRange(min = 1, max = 2_000) int size, @ForAll int where, @ForAll int bit) throws IOException {
        StoredTree tree = tree(size);
        int index = Math.floorMod(where, size);
        List<byte[]> proof = tree.proofs().inclusion(index);
        byte[] root = tree.root();
        assertThat(Proofs.verifyInclusion(index, size, leafHash(index), proof, root))
                .isTrue();
        assertThat(Proofs.verifyInclusion(index, size, leafHash(index + 1), proof, root))
                .isFalse();
        assertThat(Proofs.verifyInclusion(index, size, flipped(leafHash(index), bit), proof, root))
                .isFalse();
        assertThat(Proofs.verifyInclusion(index, size, leafHash(index), proof, flipped(root, bit)))
                .isFalse();
        for (int i = 0; i < proof.size(); i++) {
            assertThat(Proofs.verifyInclusion(index, size, leafHash(index), with(proof, i, bit), root))
                    .isFalse();
        }
    }

    @Property(tries = 300)
    void consistencyProof_holdsAndNoChangedOneDoes(
            @ForAll @IntRange(min = 1, max = 2_000) int size, @ForAll int where, @ForAll int bit) throws IOException {
        StoredTree tree = tree(size);
        int before = 1 + Math.floorMod(where, size);
        byte[] root1 = tree(before).root();
        byte[] root2 = tree.root();
        List<byte[]> proof = tree.proofs().consistency(before);
        assertThat(Proofs.verifyConsistency(before, size, root1, root2, proof)).isTrue();
        assertThat(Proofs.verifyConsistency(before, size, flipped(root1, bit), root2, proof))
                .isFalse();
        assertThat(Proofs.verifyConsistency(before, size, root1, flipped(root2, bit), proof))
                .isFalse();
        for (int i = 0; i < proof.size(); i++) {
            assertThat(Proofs.verifyConsistency(before, size, root1, root2, with(proof, i, bit)))
                    .isFalse();
        }
    }

    private static byte[] flipped(byte[] hash, int bit) {
        byte[] flipped = hash.clone();
        int at = Math.floorMod(bit, hash.length * 8);
        flipped[at / 8] ^= (byte) (1 << (at % 8));
        return flipped;
    }

    private static List<byte[]> with(List<byte[]> proof, int i, int bit) {
        List<byte[]> changed = new ArrayList<>(proof);
        changed.set(i, flipped(proof.get(i), bit));
        return changed;
    }
}
