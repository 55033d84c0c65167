"""The hash tree of RFC 6962, against the reference vectors of certificate-transparency and by properties."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import merkle

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [merkle.leaf_hash(bytes.fromhex(text)) for text in INPUTS]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def hashes(count: int) -> list[bytes]:
    return [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


def stored(count: int) -> dict[tuple[int, int], bytes]:
    nodes, _ = merkle.append(0, hashes(count), lambda level, index: pytest.fail("nothing is stored yet"))
    return nodes


def unhex(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


def test_the_empty_tree_has_the_published_root() -> None:
    """RFC 6962, 2.1: the hash of an empty list is the hash of an empty string."""
    assert merkle.root([]) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_of_the_reference_leaves(size: int) -> None:
    """The eight reference leaves have the published roots."""
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize("place", INCLUSION)
def test_reference_inclusion_proofs(place: tuple[int, int]) -> None:
    """The audit paths are the published ones and lead to the published roots."""
    index, size = place
    proof = merkle.inclusion_proof(index, LEAVES[:size])
    assert proof == unhex(INCLUSION[place])
    assert merkle.verify_inclusion(index, size, LEAVES[index], proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize("place", CONSISTENCY)
def test_reference_consistency_proofs(place: tuple[int, int]) -> None:
    """The consistency proofs are the published ones and join the published roots."""
    m, n = place
    proof = merkle.consistency_proof(m, LEAVES[:n])
    assert proof == unhex(CONSISTENCY[place])
    assert merkle.verify_consistency(m, n, bytes.fromhex(ROOTS[m - 1]), bytes.fromhex(ROOTS[n - 1]), proof)


def test_every_inclusion_proof_of_small_trees_holds_and_no_other() -> None:
    """A proof holds for its own leaf, place and root, and fails when one of them, or one sibling, is changed."""
    for size in range(1, 18):
        leaves = hashes(size)
        head = merkle.root(leaves)
        for index in range(size):
            proof = merkle.inclusion_proof(index, leaves)
            assert merkle.verify_inclusion(index, size, leaves[index], proof, head)
            others = [other for other in range(-1, size + 1) if other != index]
            assert not any(merkle.verify_inclusion(other, size, leaves[index], proof, head) for other in others)
            assert not merkle.verify_inclusion(index, size, merkle.leaf_hash(b"other"), proof, head)
            assert not merkle.verify_inclusion(index, size, leaves[index], [*proof, head], head)
            for place in range(len(proof)):
                changed = [*proof[:place], bytes(32), *proof[place + 1 :]]
                assert not merkle.verify_inclusion(index, size, leaves[index], changed, head)
                assert not merkle.verify_inclusion(index, size, leaves[index], proof[:place], head)


def test_every_consistency_proof_of_small_trees_holds_and_no_other() -> None:
    """A consistency proof holds between its two roots and fails when a root or a hash is changed or missing."""
    for n in range(18):
        leaves = hashes(n)
        head = merkle.root(leaves)
        for m in range(n + 1):
            earlier, proof = merkle.root(leaves[:m]), merkle.consistency_proof(m, leaves)
            assert merkle.verify_consistency(m, n, earlier, head, proof)
            assert not merkle.verify_consistency(m, n, bytes(32), head, proof)
            assert not merkle.verify_consistency(m, n, earlier, head, [*proof, head])
            if m:
                assert not merkle.verify_consistency(m, n, earlier, bytes(32), proof)
            for place in range(len(proof)):
                changed = [*proof[:place], bytes(32), *proof[place + 1 :]]
                assert not merkle.verify_consistency(m, n, earlier, head, changed)
                assert not merkle.verify_consistency(m, n, earlier, head, proof[:place])


@given(st.lists(st.integers(0, 20), max_size=6))
def test_stored_nodes_give_the_plain_tree(batches: list[int]) -> None:
    """After any batches, each stored node is a complete subtree, written once, and all roots agree."""
    nodes: dict[tuple[int, int], bytes] = {}
    leaves = hashes(sum(batches))
    size = 0
    for batch in batches:
        added, head = merkle.append(size, leaves[size : size + batch], lambda *place: nodes[place])
        assert not added.keys() & nodes.keys()
        nodes.update(added)
        size += batch
        assert head == merkle.root(leaves[:size]) == merkle.root_at(size, lambda *place: nodes[place])
    for (level, index), found in nodes.items():
        assert found == merkle.root(leaves[index << level : (index + 1) << level])
    assert len(nodes) == sum(size >> level for level in range(size.bit_length()))


@given(st.integers(1, 200), st.data())
def test_stored_nodes_give_the_plain_proofs(size: int, data: st.DataObject) -> None:
    """Paths for any leaf in any earlier size are those of the plain functions."""
    nodes, leaves = stored(size), hashes(size)
    then = data.draw(st.integers(1, size))
    index, m = data.draw(st.integers(0, then - 1)), data.draw(st.integers(0, then))

    def read(level: int, place: int) -> bytes:
        return nodes[level, place]

    assert merkle.root_at(then, read) == merkle.root(leaves[:then])
    assert merkle.inclusion_path(index, then, read) == merkle.inclusion_proof(index, leaves[:then])
    assert merkle.consistency_path(m, then, read) == merkle.consistency_proof(m, leaves[:then])


@pytest.mark.parametrize("size", [1, 1000, 4095, 4096])
def test_reads_grow_with_the_logarithm(size: int) -> None:
    """Appending, a root and a path read at most two nodes per level of the tree."""
    nodes, levels = stored(size), size.bit_length()
    reads: list[tuple[int, int]] = []

    def read(level: int, index: int) -> bytes:
        reads.append((level, index))
        return nodes[level, index]

    merkle.append(size, hashes(20), read)
    assert len(reads) <= levels
    for index in (0, size // 2, size - 1):
        reads.clear()
        merkle.inclusion_path(index, size, read)
        assert len(reads) <= 2 * levels


def test_a_leaf_outside_the_tree_is_refused() -> None:
    """Asking for a proof of what is not there raises an error that names the leaf and the size."""
    with pytest.raises(merkle.ProofError, match="no leaf 3 in a tree of 3"):
        merkle.inclusion_proof(3, LEAVES[:3])
    with pytest.raises(merkle.ProofError, match="no earlier tree of 4"):
        merkle.consistency_proof(4, LEAVES[:3])
