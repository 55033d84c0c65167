"""The RFC 6962 hash tree: roots, inclusion and consistency proofs, and a tree kept as stored nodes.

The first half works on a list of leaf hashes. The second half works on stored nodes: ``(level, index)`` is the hash
of the complete subtree over leaves ``index * 2**level`` to ``(index + 1) * 2**level - 1``, written once and never
changed. Standard library only: the proof checks are copied into every release's ``verify.py``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

NodeReader = Callable[[int, int], bytes]
EMPTY_ROOT = hashlib.sha256(b"").digest()


class ProofError(ValueError):
    """A proof was asked for a leaf or a size that the tree does not have."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one entry: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the tree head of these leaf hashes (RFC 6962, 2.1)."""
    if not leaf_hashes:
        return EMPTY_ROOT
    if len(leaf_hashes) == 1:
        return leaf_hashes[0]
    split = _split(len(leaf_hashes))
    return node_hash(root(leaf_hashes[:split]), root(leaf_hashes[split:]))


def inclusion_proof(index: int, leaf_hashes: Sequence[bytes]) -> list[bytes]:
    """Return the audit path of leaf ``index`` (RFC 6962, 2.1.1), the sibling nearest to the leaf first."""
    size = len(leaf_hashes)
    _require_leaf(index, size)
    return [root(leaf_hashes[first:last]) for first, last in _inclusion_ranges(index, size)]


def consistency_proof(m: int, leaf_hashes: Sequence[bytes]) -> list[bytes]:
    """Return the proof that the first ``m`` leaves are the tree of size ``m`` (RFC 6962, 2.1.2)."""
    size = len(leaf_hashes)
    _require_sizes(m, size)
    return [root(leaf_hashes[first:last]) for first, last in _consistency_ranges(m, size)]


def verify_inclusion(index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether ``proof`` leads from the leaf at ``index`` to the root of a tree of ``size`` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_hash(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(m: int, n: int, root_m: bytes, root_n: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether the tree of size ``n`` only adds to the tree of size ``m`` (RFC 9162, 2.1.4.2)."""
    if not 0 <= m <= n:
        return False
    if m == n:
        return not proof and root_m == root_n
    if m == 0:
        return not proof and root_m == EMPTY_ROOT
    path = list(proof) if m & (m - 1) else [root_m, *proof]
    if not path:
        return False
    position, last = m - 1, n - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == root_m and new == root_n


def append(
    size: int, new_leaf_hashes: Sequence[bytes], get_node: NodeReader
) -> tuple[dict[tuple[int, int], bytes], bytes]:
    """Return the nodes that new leaves complete and the new root; stored nodes are read, never changed.

    Reads at most one stored node per level, all of them on the right edge of the tree of ``size`` leaves.
    """
    new_nodes: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        found = new_nodes.get((level, index))
        if found is None:
            found = new_nodes.setdefault((level, index), get_node(level, index))
            stored.add((level, index))
        return found

    stored: set[tuple[int, int]] = set()
    for offset, leaf in enumerate(new_leaf_hashes):
        level, index = 0, size + offset
        new_nodes[level, index] = leaf
        while index & 1:
            parent = node_hash(node(level, index - 1), node(level, index))
            level, index = level + 1, index >> 1
            new_nodes[level, index] = parent
    head = root_at(size + len(new_leaf_hashes), node)
    return {place: found for place, found in new_nodes.items() if place not in stored}, head


def root_at(size: int, get_node: NodeReader) -> bytes:
    """Return the root of the first ``size`` leaves from O(log n) stored nodes."""
    return _range_root(0, size, get_node)


def inclusion_path(index: int, size: int, get_node: NodeReader) -> list[bytes]:
    """Return the same path as ``inclusion_proof`` from O(log n) stored nodes."""
    _require_leaf(index, size)
    return [_range_root(first, last, get_node) for first, last in _inclusion_ranges(index, size)]


def consistency_path(m: int, size: int, get_node: NodeReader) -> list[bytes]:
    """Return the same proof as ``consistency_proof`` from O(log n) stored nodes."""
    _require_sizes(m, size)
    return [_range_root(first, last, get_node) for first, last in _consistency_ranges(m, size)]


def _split(size: int) -> int:
    """Return the largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    first, last, ranges = 0, size, []
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            ranges.append((middle, last))
            last = middle
        else:
            ranges.append((first, middle))
            first = middle
    return ranges[::-1]


def _consistency_ranges(m: int, size: int) -> list[tuple[int, int]]:
    if m in (0, size):
        return []
    first, last, ranges, whole = 0, size, [], True
    while m != last:
        middle = first + _split(last - first)
        if m <= middle:
            ranges.append((middle, last))
            last = middle
        else:
            ranges.append((first, middle))
            first, whole = middle, False
    if not whole:
        ranges.append((first, last))
    return ranges[::-1]


def _range_root(first: int, last: int, get_node: NodeReader) -> bytes:
    """Return the root over leaves ``first`` to ``last - 1``, ``first`` being aligned to the range as splits make it."""
    if first == last:
        return EMPTY_ROOT
    peaks = []
    while first < last:
        level = (last - first).bit_length() - 1
        peaks.append(get_node(level, first >> level))
        first += 1 << level
    found = peaks.pop()
    while peaks:
        found = node_hash(peaks.pop(), found)
    return found


def _require_leaf(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise ProofError(f"no leaf {index} in a tree of {size}; expected 0 to {size - 1}")


def _require_sizes(m: int, size: int) -> None:
    if not 0 <= m <= size:
        raise ProofError(f"no earlier tree of {m} in a tree of {size}; expected 0 to {size}")
