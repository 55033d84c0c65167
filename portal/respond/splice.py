"""Pages compressed once and filled many times: fixed parts are deflated ahead, slots are stored between them.

A gzip body is a raw deflate stream and the CRC-32 of what it says. Parts end on a full flush, so they can stand after
anything; a slot's bytes go in as stored blocks; the CRC of the whole is joined from the parts' CRCs, which is linear
algebra over GF(2) and needs the part's length alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_END = b"\x01\x00\x00\xff\xff"  # an empty stored block, the last one
_POLYNOMIAL = 0xEDB88320


class SplicedPage:
    """A page with named slots, kept both plain and compressed."""

    def __init__(self, html: str, slots: Sequence[str]) -> None:
        """`slots` are the marker texts in the page; each may stand several times."""
        self._parts: list[bytes] = []
        self._between: list[str] = []
        rest = html
        while found := min(((rest.find(slot), slot) for slot in slots if slot in rest), default=None):
            self._parts.append(rest[: found[0]].encode())
            self._between.append(found[1])
            rest = rest[found[0] + len(found[1]) :]
        self._parts.append(rest.encode())
        self._deflated = [_deflate(part) for part in self._parts]
        self._crcs = [zlib.crc32(part) for part in self._parts]
        self._shifts = [_shift_table(len(part)) for part in self._parts]

    def plain(self, values: Mapping[str, bytes]) -> bytes:
        pieces = [self._parts[0]]
        for slot, part in zip(self._between, self._parts[1:], strict=True):
            pieces += (values[slot], part)
        return b"".join(pieces)

    def gzipped(self, values: Mapping[str, bytes]) -> bytes:
        """The page as a gzip body; the fixed parts are not compressed again."""
        crc, size = self._crcs[0], len(self._parts[0])
        pieces = [_HEADER, self._deflated[0]]
        for place, slot in enumerate(self._between, start=1):
            value = values[slot]
            pieces += (_stored(value), self._deflated[place])
            crc = _shifted(zlib.crc32(value, crc), self._shifts[place]) ^ self._crcs[place]
            size += len(value) + len(self._parts[place])
        pieces += (_END, crc.to_bytes(4, "little"), (size & 0xFFFFFFFF).to_bytes(4, "little"))
        return b"".join(pieces)


def _deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compressor.compress(data) + compressor.flush(zlib.Z_FULL_FLUSH)


def _stored(data: bytes) -> bytes:
    if len(data) > 0xFFFF:
        raise ValueError(f"a slot takes at most 65,535 bytes, got {len(data)}")
    size = len(data)
    return b"\x00" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + data


def _shift_table(length: int) -> list[list[int]]:
    """How a CRC changes when `length` zero bytes follow: four tables of 256, one for each of its bytes."""
    matrix = [1 << bit for bit in range(32)]
    step = [_POLYNOMIAL] + [1 << bit for bit in range(31)]  # one zero bit
    bits = length * 8
    while bits:
        if bits & 1:
            matrix = [_apply(step, row) for row in matrix]
        step = [_apply(step, row) for row in step]
        bits >>= 1
    return [[_apply(matrix, value << (8 * byte)) for value in range(256)] for byte in range(4)]


def _apply(matrix: list[int], vector: int) -> int:
    total = 0
    for row in matrix:
        if vector & 1:
            total ^= row
        vector >>= 1
    return total


def _shifted(crc: int, table: list[list[int]]) -> int:
    return table[0][crc & 255] ^ table[1][crc >> 8 & 255] ^ table[2][crc >> 16 & 255] ^ table[3][crc >> 24]
