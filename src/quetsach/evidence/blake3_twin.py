"""BLAKE3 in plain NumPy: what the kernel computes, where no kernel was built, and its judge.

Source: the BLAKE3 paper (github.com/BLAKE3-team/BLAKE3-specs), section 2. Chunks and nodes are
columns: one call takes thousands side by side, as a single one would cost nearly as much.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Words: TypeAlias = npt.NDArray[np.uint32]
Bytes: TypeAlias = npt.NDArray[np.uint8]
Places: TypeAlias = npt.NDArray[np.int64]

CHUNK = 1024
PIECE_BYTES = 64 << 20
"""Bytes of one piece: 65,536 chunks, a whole subtree."""

_LEVELS = 17
_BLOCK = 64
_START, _END, _PARENT, _ROOT = 1, 2, 4, 8
_IV = np.array(
    [
        *(0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A),
        *(0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19),
    ],
    np.uint32,
)
_ORDER = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
_MIXED = (
    *((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)),
    *((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)),
)


def _turned(word: Words, by: int) -> Words:
    return (word >> np.uint32(by)) | (word << np.uint32(32 - by))


def _compressed(value: Words, block: Words, counter: Places, length: Words, flags: Words) -> Words:
    """Return the values (8, n) of blocks (16, n) behind `value` (8, n)."""
    count = block.shape[1]
    state = [*value, *(np.full(count, word, np.uint32) for word in _IV[:4])]
    low = (counter & 0xFFFFFFFF).astype(np.uint32)
    state += [low, (counter >> 32).astype(np.uint32), length, flags]
    words = list(block)
    for _ in range(7):
        for turn, (a, b, c, d) in enumerate(_MIXED):
            for word, (first, second) in zip(
                words[2 * turn : 2 * turn + 2], ((16, 12), (8, 7)), strict=True
            ):
                state[a] = state[a] + state[b] + word
                state[d] = _turned(state[d] ^ state[a], first)
                state[c] = state[c] + state[d]
                state[b] = _turned(state[b] ^ state[c], second)
        words = [words[place] for place in _ORDER]
    return np.stack([state[place] ^ state[place + 8] for place in range(8)])


def _chunks(text: Bytes, lengths: Places, counters: Places, *, root: bool = False) -> Words:
    """Return the values (8, n) of chunks: rows of 1,024 bytes, of which `lengths` count."""
    values = np.repeat(_IV[:, None], len(lengths), axis=1)
    words = text.view("<u4")
    last = np.maximum(lengths - 1, 0) // _BLOCK
    for number in range(int(last.max(initial=0)) + 1):
        open_ones = np.flatnonzero(last >= number)
        flags = np.full(len(open_ones), _START if not number else 0, np.uint32)
        ends = last[open_ones] == number
        flags[ends] |= np.uint32(_END | (_ROOT if root else 0))
        held = np.clip(lengths[open_ones] - number * _BLOCK, 0, _BLOCK).astype(np.uint32)
        block = np.ascontiguousarray(words[open_ones, number * 16 : number * 16 + 16].T)
        values[:, open_ones] = _compressed(
            values[:, open_ones], block, counters[open_ones], held, flags
        )
    return values


def _parents(lefts: Words, rights: Words, *, root: bool = False) -> Words:
    count = lefts.shape[1]
    return _compressed(
        np.repeat(_IV[:, None], count, axis=1),
        np.concatenate([lefts, rights]),
        np.zeros(count, np.int64),
        np.full(count, _BLOCK, np.uint32),
        np.full(count, _PARENT | (_ROOT if root else 0), np.uint32),
    )


def _as_bytes(values: Words) -> list[bytes]:
    rows = np.ascontiguousarray(values.T.astype("<u4"))
    return [row.tobytes() for row in rows]


def _as_words(values: Sequence[bytes]) -> Words:
    return np.frombuffer(b"".join(values), "<u4").reshape(-1, 8).T.astype(np.uint32)


def _rows(text: bytes | bytearray | memoryview) -> Bytes:
    """Return `text` as rows of one chunk, the last filled up with zeros."""
    count = max(-(-len(text) // CHUNK), 1)
    rows = np.zeros(count * CHUNK, np.uint8)
    rows[: len(text)] = np.frombuffer(text, np.uint8)
    return rows.reshape(count, CHUNK)


def _top(nodes: Words, *, root: bool) -> Words:
    """Return the value (8, 1) over all of `nodes` (8, n), of the tree that BLAKE3 makes of them."""
    count = nodes.shape[1]
    while count > 1:
        even = count // 2 * 2
        made = _parents(nodes[:, 0:even:2], nodes[:, 1:even:2], root=root and count == 2)
        nodes = np.concatenate([made, nodes[:, even:]], axis=1)
        count = nodes.shape[1]
    return nodes


def joined(pieces: Sequence[bytes]) -> bytes | None:
    """Return the digest of the file whose pieces have these values; None for less than two."""
    if len(pieces) < 2:
        return None
    return _as_bytes(_top(_as_words(pieces), root=True))[0]


def digests(messages: Sequence[bytes]) -> list[bytes]:
    """Return the BLAKE3 digest of each message."""
    short = [place for place, message in enumerate(messages) if len(message) <= CHUNK]
    values: dict[int, bytes] = {}
    if short:
        lengths = np.array([len(messages[place]) for place in short], np.int64)
        text = np.concatenate([_rows(messages[place]) for place in short])
        rooted = _chunks(text, lengths, np.zeros(len(short), np.int64), root=True)
        values = dict(zip(short, _as_bytes(rooted), strict=True))
    for place, message in enumerate(messages):
        if place not in values:
            values[place] = _as_bytes(_top(_all_chunks(message, 0), root=True))[0]
    return [values[place] for place in range(len(messages))]


def _all_chunks(text: bytes | memoryview, first: int) -> Words:
    """Return the values of the chunks of `text`, of which the first is number `first`."""
    rows = _rows(text)
    lengths = np.full(len(rows), CHUNK, np.int64)
    lengths[-1] = len(text) - (len(rows) - 1) * CHUNK
    return _chunks(rows, lengths, np.arange(first, first + len(rows), dtype=np.int64))


class TwinDigest:
    """The digest of a text, or of the part of it that begins with a piece; see digests.py."""

    def __init__(self, offset: int) -> None:
        self._pieces: list[bytes] = []
        self._offset = offset
        self._begin()

    def _begin(self) -> None:
        # Of each level the values of all whole subtrees of the piece in hand.
        self._levels = [np.zeros((8, 0), np.uint32) for _ in range(_LEVELS)]
        self._rest = self._first = b""
        self._length = 0

    def add(self, text: bytes | memoryview, ends: Sequence[int]) -> list[bytes]:
        """Add `text`; return the value of the piece in hand at each of `ends`, which rise."""
        text = memoryview(text)
        values: list[bytes] = []
        start = 0
        while True:
            stop = min(start + PIECE_BYTES - self._length, len(text))
            within = [end - start for end in ends[len(values) :] if end <= stop]
            values += self._within(text[start:stop], within)
            start = stop
            if start == len(text):
                return values
            self._pieces.append(self._value())
            self._offset += PIECE_BYTES
            self._begin()

    def _within(self, text: memoryview, ends: Sequence[int]) -> list[bytes]:
        window = self._rest + text
        done = self._length // CHUNK
        behind = len(self._rest)
        whole = len(window) // CHUNK * CHUNK
        if not done:
            # A text of one chunk has another value as a whole than as a longer one's beginning.
            self._first = window[:CHUNK]
        if whole:
            self._grow(_all_chunks(window[:whole], self._offset // CHUNK + done))
        self._rest = window[whole:]
        self._length += len(text)
        return self._values(window, done, [behind + end for end in ends])

    def _grow(self, values: Words) -> None:
        """Add the values of whole chunks, and of the subtrees that they complete."""
        self._levels[0] = np.concatenate([self._levels[0], values], axis=1)
        for below, level in enumerate(self._levels[1:]):
            nodes = self._levels[below]
            have, want = level.shape[1], nodes.shape[1] // 2
            if want > have:
                fresh = nodes[:, 2 * have : 2 * want]
                made = _parents(fresh[:, 0::2], fresh[:, 1::2])
                self._levels[below + 1] = np.concatenate([level, made], axis=1)

    def _values(self, window: bytes, done: int, ends: Sequence[int]) -> list[bytes]:
        """Return the piece's value at each place of `window`, before which lie `done` chunks."""
        if not ends:
            return []
        places = np.array(ends, np.int64)
        counts, parts = done + places // CHUNK, places % CHUNK
        text = np.zeros((len(ends), CHUNK), np.uint8)
        for row, (end, part) in enumerate(zip(ends, parts.tolist(), strict=True)):
            text[row, :part] = np.frombuffer(window, np.uint8, part, end - part)
        # A place with no bytes before it has a value of zeros.
        values = np.zeros((8, len(ends)), np.uint32)
        has_any = parts > 0
        begun = np.flatnonzero(has_any)
        values[:, begun] = _chunks(text[begun], parts[begun], self._offset // CHUNK + counts[begun])
        for level, nodes in enumerate(self._levels):
            here = np.flatnonzero(counts >> level & 1)
            left = nodes[:, counts[here] >> (level + 1) << 1]
            both = has_any[here]
            values[:, here[both]] = _parents(left[:, both], values[:, here[both]])
            values[:, here[~both]] = left[:, ~both]
            has_any[here] = True
        return _as_bytes(values)

    def _value(self) -> bytes:
        return self._values(self._rest, self._length // CHUNK, [len(self._rest)])[0]

    def pieces(self) -> list[bytes]:
        """Return the value of each piece so far."""
        return [*self._pieces, *([self._value()] if self._length else [])]

    def whole(self) -> bytes | None:
        """Return the digest of all that was added where it is a text of one piece at most."""
        if self._offset or self._pieces:
            return None
        if self._length <= CHUNK:
            return digests([self._first])[0]
        chunks = self._levels[0]
        if self._rest:
            last = _all_chunks(self._rest, chunks.shape[1])
            chunks = np.concatenate([chunks, last], axis=1)
        return _as_bytes(_top(chunks, root=True))[0]
