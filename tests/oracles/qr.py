"""A plain reader of QR codes, to judge what another library drew: from modules to the text.

Source: ISO/IEC 18004. It mends no errors: a clean picture must be read without any. Only the
versions that our texts need, at level M.
"""

from collections.abc import Callable, Sequence

Modules = Sequence[Sequence[bool]]

# Version: centres of the alignment patterns; data codewords of each block (ISO/IEC 18004, annex E
# and table 9), level M.
ALIGNED = {
    2: (6, 18),
    3: (6, 22),
    4: (6, 26),
    5: (6, 30),
    6: (6, 34),
    7: (6, 22, 38),
    8: (6, 24, 42),
    9: (6, 26, 46),
    10: (6, 28, 50),
    11: (6, 30, 54),
    12: (6, 32, 58),
    13: (6, 34, 62),
}
BLOCKS = {
    2: (28,),
    3: (44,),
    4: (32,) * 2,
    5: (43,) * 2,
    6: (27,) * 4,
    7: (31,) * 4,
    8: (38, 38, 39, 39),
    9: (36, 36, 36, 37, 37),
    10: (43, 43, 43, 43, 44),
    11: (50, 51, 51, 51, 51),
    12: (36,) * 6 + (37,) * 2,
    13: (37,) * 8 + (38,),
}

MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)


def read(modules: Modules) -> str:
    """Return the text in a QR code whose dark modules are true."""
    version = (len(modules) - 17) // 4
    level, mask = _format(modules)
    assert level == 0b00, "level M"
    codewords = _codewords(modules, version, MASKS[mask])
    return _text(_data(codewords, BLOCKS[version]), 16 if version >= 10 else 8)


def _format(modules: Modules) -> tuple[int, int]:
    row = [modules[8][column] for column in (0, 1, 2, 3, 4)]
    value = 0
    for bit in row:
        value = value << 1 | bit
    value ^= 0b10101
    return value >> 3, value & 0b111


def _is_function(row: int, column: int, version: int) -> bool:
    size = 17 + 4 * version
    if row == 6 or column == 6:
        return True
    if row < 9 and (column < 9 or column >= size - 8):
        return True
    if row >= size - 8 and column < 9:
        return True
    # Version information, from version 7 on.
    last = size - 8 if version >= 7 else 0
    if (row < 6 and size - 11 <= column < last) or (column < 6 and size - 11 <= row < last):
        return True
    centres = ALIGNED[version]
    corners = {(centres[0], centres[0]), (centres[0], centres[-1]), (centres[-1], centres[0])}
    return any(
        abs(row - one) <= 2 and abs(column - other) <= 2
        for one in centres
        for other in centres
        if (one, other) not in corners
    )


def _codewords(modules: Modules, version: int, mask: Callable[[int, int], bool]) -> list[int]:
    size = len(modules)
    bits: list[bool] = []
    upward = True
    right = size - 1
    while right > 0:
        if right == 6:
            right -= 1
        for step in range(size):
            row = size - 1 - step if upward else step
            for column in (right, right - 1):
                if not _is_function(row, column, version):
                    bits.append(modules[row][column] ^ mask(row, column))
        upward = not upward
        right -= 2
    whole = len(bits) // 8
    return [sum(bits[8 * n + k] << (7 - k) for k in range(8)) for n in range(whole)]


def _data(codewords: Sequence[int], blocks: Sequence[int]) -> bytes:
    parts: list[list[int]] = [[] for _size in blocks]
    taken = iter(codewords)
    for place in range(max(blocks)):
        for part, size in zip(parts, blocks, strict=True):
            if place < size:
                part.append(next(taken))
    return bytes(one for part in parts for one in part)


def _text(data: bytes, length_bits: int) -> str:
    bits = int.from_bytes(data, "big")
    left = 8 * len(data)

    def take(count: int) -> int:
        nonlocal left
        left -= count
        return bits >> left & ((1 << count) - 1)

    assert take(4) == 0b0100, "byte mode"
    return bytes(take(8) for _each in range(take(length_bits))).decode("ascii")
