"""A chunk is read as a split of the whole text is, by either sieve."""

import random
from pathlib import Path
from typing import Literal

import pytest

from quetsach.containers.streams import Codec
from quetsach.evidence.digests import chain, text_digest
from quetsach.formats.contract import LogLayout
from quetsach.formats.registry import by_name, recognise
from quetsach.scanning.line_outcomes import LineCounts
from quetsach.scanning.plan import Split
from quetsach.watch.chunks import scan_chunk
from quetsach.watch.growing_digest import GrowingDigest
from tests.scanning.generated import indicators
from tests.scanning.scanning import tools_for
from tests.sweeping.evidence import FIELDS, HEADER, conn


def _split(layout: LogLayout, offset: int, length: int) -> Split:
    name = "zeek-tsv"
    return Split(0, "conn.log", Path(), Codec.PLAIN, name, layout, offset, length, offset + length)


@pytest.mark.parametrize("sieve", ["auto", "python"])
def test_chunks_give_what_the_whole_gives(sieve: Literal["auto", "python"]) -> None:
    tools, rng = tools_for(indicators(), sieve), random.Random(3)
    rows = [conn(n, f"10.0.0.{n}", f"203.0.113.{rng.choice((77, 78))}") for n in range(1, 60)]
    text = (HEADER + "".join(rows[:40]) + FIELDS + "".join(rows[40:])).encode()
    assert recognise(text).name == "zeek-tsv"
    layout = by_name("zeek-tsv").layout(text)
    whole = scan_chunk(_split(layout, 0, len(text)), [text], GrowingDigest(), tools, 0)
    digest, counts, numbers, headers = GrowingDigest(), LineCounts(), [], []
    place = 0
    for cut in (1, 7, 20, 30, 31, 66):
        lines = text.splitlines(keepends=True)
        end = len(b"".join(lines[:cut]))
        split = _split(layout, place, end - place)
        part = scan_chunk(split, [text[place:end]], digest, tools, counts.lines)
        layout, place = part.result.layout, end
        counts.add(part.result.counts)
        headers += part.headers
        for batch in part.rows:
            numbers += batch.column("quetsach.sighting.id").to_pylist()
    assert place == len(text)
    assert counts == whole.result.counts
    told = [one for batch in whole.rows for one in batch.column("quetsach.sighting.id").to_pylist()]
    assert numbers == told
    assert len(numbers) > 20
    assert tuple(headers) == whole.headers
    known = text_digest()
    known.add(text, [])
    assert digest.chain() == chain(known.pieces())[-1]
