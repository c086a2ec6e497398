"""BLAKE3 in plain Python: what the kernel computes, where no kernel was built, and its judge.

Source: the BLAKE3 paper (github.com/BLAKE3-team/BLAKE3-specs), section 2. Thousands of chunks are
computed side by side: one word of each stands in one great whole number, 64 bits apart, so that a
sum or a turn of all of them is one step of Python.
"""

import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Column: TypeAlias = "array[int]"
Words: TypeAlias = list[Column]
"""Eight columns with a word of each value, or sixteen with a word of each block."""

Lanes: TypeAlias = int
"""A word of each value, the first one lowest."""

CHUNK = 1024
PIECE_BYTES = 64 << 20
"""Bytes of one piece: 65,536 chunks, a whole subtree."""

_LEVELS = 17
_BLOCK = 64
_AT_ONCE = 4096
"""So many chunks are computed side by side: their words stay in the cache of the processor."""

_WORD = 0xFFFF_FFFF
_START, _END, _PARENT, _ROOT = 1, 2, 4, 8
_IV = (
    *(0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A),
    *(0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19),
)
_ORDER = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
_MIXED = (
    *((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)),
    *((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)),
)


def _lanes(words: Iterable[int]) -> Lanes:
    return int.from_bytes(array("Q", words).tobytes(), sys.byteorder)


def _same(word: int, count: int) -> Lanes:
    return int.from_bytes((array("Q", [word]) * count).tobytes(), sys.byteorder)


def _column(lanes: Lanes, count: int) -> Column:
    wide = array("Q")
    wide.frombytes(lanes.to_bytes(8 * count, sys.byteorder))
    return array("I", wide)


def _compressed(
    before: Sequence[Lanes],
    block: Sequence[Lanes],
    counters: tuple[Lanes, Lanes],
    ends: tuple[Lanes, Lanes],
    count: int,
) -> list[Lanes]:
    """Return the values of `count` blocks behind `before`; `ends` are their lengths and flags."""
    mask = _same(_WORD, count)
    state = [*before, *(_same(word, count) for word in _IV[:4]), *counters, *ends]
    words = list(block)
    for _ in range(7):
        for turn, (a, b, c, d) in enumerate(_MIXED):
            left, right = words[2 * turn : 2 * turn + 2]
            for word, first, second in ((left, 16, 12), (right, 8, 7)):
                state[a] = (state[a] + state[b] + word) & mask
                turned = state[d] ^ state[a]
                state[d] = (turned >> first | turned << (32 - first)) & mask
                state[c] = (state[c] + state[d]) & mask
                turned = state[b] ^ state[c]
                state[b] = (turned >> second | turned << (32 - second)) & mask
        words = [words[place] for place in _ORDER]
    return [state[place] ^ state[place + 8] for place in range(8)]


def _chunks(
    text: bytes, lengths: Sequence[int], counters: Sequence[int], *, root: bool = False
) -> Words:
    """Return the values of chunks: 1,024 bytes of `text` each, of which `lengths` count."""
    count = len(lengths)
    words = _plain(text)
    values = [_same(word, count) for word in _IV]
    places = _lanes(one & _WORD for one in counters), _lanes(one >> 32 for one in counters)
    last = [max(length - 1, 0) // _BLOCK for length in lengths]
    rooted = _ROOT if root else 0
    for number in range(max(last, default=-1) + 1):
        begins = 0 if number else _START
        ends = (
            _lanes(min(max(length - number * _BLOCK, 0), _BLOCK) for length in lengths),
            _lanes(begins | (_END | rooted if one == number else 0) for one in last),
        )
        block = [_lanes(words[16 * number + place :: CHUNK // 4]) for place in range(16)]
        further = _compressed(values, block, places, ends, count)
        # A chunk that has ended keeps its value.
        open_ones = _lanes(_WORD if one >= number else 0 for one in last)
        values = [old ^ ((old ^ new) & open_ones) for old, new in zip(values, further, strict=True)]
    return [_column(one, count) for one in values]


def _parents(lefts: Words, rights: Words, *, root: bool = False) -> Words:
    count = len(lefts[0])
    values = _compressed(
        [_same(word, count) for word in _IV],
        [_lanes(column) for column in (*lefts, *rights)],
        (0, 0),
        (_same(_BLOCK, count), _same(_PARENT | (_ROOT if root else 0), count)),
        count,
    )
    return [_column(one, count) for one in values]


def _plain(text: bytes) -> Column:
    """Return the words of `text`, of which each has its lowest byte first."""
    words = array("I", text)
    if sys.byteorder == "big":
        words.byteswap()
    return words


def _no_words() -> Words:
    return [array("I") for _ in range(8)]


def _as_bytes(values: Words) -> list[bytes]:
    rows = array("I", bytes(32 * len(values[0])))
    for place, column in enumerate(values):
        rows[place::8] = column
    if sys.byteorder == "big":
        rows.byteswap()
    text = rows.tobytes()
    return [text[place : place + 32] for place in range(0, len(text), 32)]


def _as_words(values: Sequence[bytes]) -> Words:
    words = _plain(b"".join(values))
    return [words[place::8] for place in range(8)]


def _padded(text: bytes | memoryview) -> bytes:
    """Return `text` with zeros up to a whole chunk, one at least."""
    count = max(-(-len(text) // CHUNK), 1)
    return bytes(text).ljust(count * CHUNK, b"\0")


def _top(nodes: Words, *, root: bool) -> Words:
    """Return the value over all of `nodes`, of the tree that BLAKE3 makes of them."""
    while (count := len(nodes[0])) > 1:
        even = count // 2 * 2
        lefts, rights = ([column[side:even:2] for column in nodes] for side in (0, 1))
        made = _parents(lefts, rights, root=root and count == 2)
        nodes = [above + below[even:] for above, below in zip(made, nodes, strict=True)]
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
    for first in range(0, len(short), _AT_ONCE):
        places = short[first : first + _AT_ONCE]
        lengths = [len(messages[place]) for place in places]
        text = b"".join(_padded(messages[place]) for place in places)
        rooted = _chunks(text, lengths, [0] * len(places), root=True)
        values.update(zip(places, _as_bytes(rooted), strict=True))
    for place, message in enumerate(messages):
        if place not in values:
            values[place] = _as_bytes(_top(_all_chunks(message, 0), root=True))[0]
    return [values[place] for place in range(len(messages))]


def _all_chunks(text: bytes | memoryview, first: int) -> Words:
    """Return the values of the chunks of `text`, of which the first is number `first`."""
    values = _no_words()
    count = max(-(-len(text) // CHUNK), 1)
    for begin in range(0, count, _AT_ONCE):
        part = text[begin * CHUNK : (begin + _AT_ONCE) * CHUNK]
        numbers = range(first + begin, first + min(begin + _AT_ONCE, count))
        lengths = [CHUNK] * len(numbers)
        lengths[-1] = len(part) - (len(numbers) - 1) * CHUNK
        for column, further in zip(values, _chunks(_padded(part), lengths, numbers), strict=True):
            column.extend(further)
    return values


class TwinDigest:
    """The digest of a text, or of the part of it that begins with a piece; see digests.py."""

    def __init__(self, offset: int) -> None:
        self._pieces: list[bytes] = []
        self._offset = offset
        self._begin()

    def _begin(self) -> None:
        # Of each level the values of all whole subtrees of the piece in hand.
        self._levels = [_no_words() for _ in range(_LEVELS)]
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
        for column, further in zip(self._levels[0], values, strict=True):
            column.extend(further)
        for nodes, level in zip(self._levels[:-1], self._levels[1:], strict=True):
            begin, end = 2 * len(level[0]), len(nodes[0]) // 2 * 2
            if end > begin:
                lefts, rights = ([one[begin + side : end : 2] for one in nodes] for side in (0, 1))
                for column, further in zip(level, _parents(lefts, rights), strict=True):
                    column.extend(further)

    def _values(self, window: bytes, done: int, ends: Sequence[int]) -> list[bytes]:
        """Return the piece's value at each place of `window`, before which lie `done` chunks."""
        counts = [done + end // CHUNK for end in ends]
        parts = [end % CHUNK for end in ends]
        # A place with no bytes before it has a value of zeros.
        values: Words = [array("I", bytes(4 * len(ends))) for _ in range(8)]
        has_any = [part > 0 for part in parts]
        begun = [row for row, is_begun in enumerate(has_any) if is_begun]
        if begun:
            text = b"".join(_padded(window[ends[row] - parts[row] : ends[row]]) for row in begun)
            numbers = [self._offset // CHUNK + counts[row] for row in begun]
            _put(values, begun, _chunks(text, [parts[row] for row in begun], numbers))
        for level, nodes in enumerate(self._levels):
            here = [row for row, count in enumerate(counts) if count >> level & 1]
            alone = [row for row in here if not has_any[row]]
            both = [row for row in here if has_any[row]]
            lefts = [[column[counts[row] >> (level + 1) << 1] for column in nodes] for row in both]
            if both:
                left: Words = [array("I", column) for column in zip(*lefts, strict=True)]
                right: Words = [array("I", [column[row] for row in both]) for column in values]
                _put(values, both, _parents(left, right))
            for row in alone:
                for column, below in zip(values, nodes, strict=True):
                    column[row] = below[counts[row] >> (level + 1) << 1]
                has_any[row] = True
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
            last = _all_chunks(self._rest, len(chunks[0]))
            chunks = [before + rest for before, rest in zip(chunks, last, strict=True)]
        return _as_bytes(_top(chunks, root=True))[0]


def _put(values: Words, rows: Sequence[int], further: Words) -> None:
    for column, numbers in zip(values, further, strict=True):
        for row, number in zip(rows, numbers, strict=True):
            column[row] = number
