"""The kernel reads a split exactly as the plain reader does, however it is cut and damaged."""

import gzip
import random
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from quetsach.containers.streams import Codec
from quetsach.evidence.line_ends import LineEnds
from quetsach.formats.contract import LogLayout
from quetsach.scanning.plain_reader import PlainReader
from quetsach.scanning.plan import Split
from quetsach.scanning.split_reader import KernelReader, TokenReader
from quetsach.sieve.contract import (
    LineChoice,
    LineSigns,
    OutsideTokens,
    SplitHour,
    SplitWants,
    TokenWants,
)
from quetsach.sieve.kernel import RustSieve, rust_available
from quetsach.sieve.twin import PythonSieve
from tests.sieve import lines
from tests.whole import daily

pytestmark = pytest.mark.skipif(
    not rust_available(), reason="NOT TESTED: no kernel here to compare"
)

LONGEST = 256
WANTS = SplitWants(keys=True, tokens=TokenWants(hashes=True))
HEADERS = (None, b"#", b"bad", b"", b"a\nb")
MARKERS = (None, b"", b"example", b"10.")
SIGNS = ("\n", "\r\n", "\r", "\u2028", "\u0085", "\n\n", "\r\r\n")


@dataclass
class Told:
    """All that a reader told of one split, whatever the parts were."""

    chosen: list[tuple[int, bytes]]
    candidates: set[int]
    heads: list[int]
    lines: int
    stops: list[tuple[int, bytes]]
    hours: list[list[SplitHour]]
    figures: tuple[object, ...]
    marks: dict[int, str]
    keys: dict[int, tuple[int, ...]]
    tokens: OutsideTokens


def _told(reader: TokenReader, forms: list[LineSigns]) -> Told:
    """Return what `reader` tells while each header but every third turns to the next form."""
    told = Told([], set(), [], 0, [], [], (), {}, {}, OutsideTokens())
    reader.turn_to(forms[0])
    for part in reader.parts():
        told.chosen += part.chosen
        told.candidates |= part.candidates
        told.marks |= part.marks
        told.keys |= part.keys
        assert part.marks.keys() == part.candidates == part.keys.keys()
        told.heads += part.heads
        told.lines += part.lines
        if part.too_long is not None:
            told.stops.append(part.too_long)
        if part.header is not None:
            told.stops.append((-1, part.header))
            if len(told.stops) % 3:
                told.hours.append(reader.take_hours())
                reader.turn_to(forms[len(told.stops) % len(forms)])
    told.hours.append(reader.take_hours())
    told.tokens = reader.take_tokens()
    assert reader.take_tokens() == OutsideTokens()
    figures = reader.figures()
    told.figures = replace(figures, broke=None), type(figures.broke)
    return told


@pytest.fixture(scope="module")
def sieves() -> tuple[PythonSieve, RustSieve]:
    return PythonSieve(lines.KEYS), RustSieve(lines.KEYS)


def _assert_agreed(
    sieves: tuple[PythonSieve, RustSieve],
    split: Split,
    choice: LineChoice,
    forms: list[LineSigns],
    blocks: tuple[int, int],
) -> Told:
    plain = _told(PlainReader(split, sieves[0], choice, (blocks[0], LONGEST), wants=WANTS), forms)
    kernel = _told(KernelReader(split, sieves[1], choice, (blocks[1], LONGEST), WANTS), forms)
    assert kernel == plain
    return kernel


def _splits(path: Path, step: int, ends: LineEnds, codec: Codec) -> list[Split]:
    size = path.stat().st_size
    whole = codec is not Codec.PLAIN or ends is LineEnds.SEPARATOR
    step = size if whole else step
    return [
        Split(0, "a", path, codec, "any", LogLayout("any"), at, min(step, size - at), size, ends)
        for at in range(0, size, step or 1)
    ]


def _text(rng: random.Random) -> bytes:
    parts: list[str | bytes] = []
    for _ in range(rng.randint(0, 12)):
        line = lines.block(rng, 1).rstrip(b"\n")
        line = rng.choice((b"", b"#", b"bad", b"")) + line[: rng.randint(0, 400)]
        line *= rng.choice((1, 1, 1, 4))
        parts += [line, rng.choice(SIGNS)]
    text = b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return rng.choice((text, text.rstrip(b"\n"), lines.damaged(rng, text) if text else b""))


def _forms(rng: random.Random) -> list[LineSigns]:
    return [
        LineSigns(rng.choice(lines.CLOCKS), rng.choice(HEADERS), rng.choice(MARKERS))
        for _ in range(3)
    ]


def assert_read_alike(
    rng: random.Random, text: bytes, log: Path, sieves: tuple[PythonSieve, RustSieve]
) -> int:
    """Hold both readers against each other on `text`, cut by chance; return the chosen lines."""
    chosen, forms = 0, _forms(rng)
    codec, ends = rng.choice((Codec.PLAIN, Codec.PLAIN, Codec.GZIP)), rng.choice([*LineEnds])
    log.write_bytes(gzip.compress(text) if codec is Codec.GZIP else text)
    step = rng.choice((1, 7, 64, 300, 10_000))
    for split in _splits(log, step, ends, codec)[:50]:
        choice = LineChoice(rng.choice((0, 0, 2)), rng.choice((0, 50)))
        blocks = rng.choice((1, 9, 100, 1 << 16)), rng.choice((1, 9, 100, 1 << 16))
        chosen += len(_assert_agreed(sieves, split, choice, forms, blocks).chosen)
    return chosen


@pytest.mark.parametrize("seed", range(daily(4, whole=40)))
def test_damaged_text_is_read_alike_at_every_cut(
    seed: int, sieves: tuple[PythonSieve, RustSieve], tmp_path: Path
) -> None:
    rng = random.Random(seed)
    texts = [_text(rng) for _ in range(40)]
    assert sum(assert_read_alike(rng, text, tmp_path / "a.log", sieves) for text in texts) > 50
