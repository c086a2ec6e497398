"""Taken in columns or line by line: the same sightings, counts, rejects, leases and pairs."""

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from msgspec import structs

from quetsach.containers.streams import Codec
from quetsach.formats.contract import Line
from quetsach.formats.registry import recognise
from quetsach.indicators.model import Claim, IndicatorSet
from quetsach.scanning import parsing
from quetsach.scanning.column_parsing import ColumnOutcome, ColumnParser
from quetsach.scanning.job import ReadOptions, ScanJob, WorkerTools, prepare
from quetsach.scanning.line_outcomes import SplitAccount
from quetsach.scanning.parsing import LineParser
from quetsach.scanning.plan import Split
from tests.formats.golden import SAMPLES
from tests.scanning.generated import generated, indicators

PLAIN = prepare(ScanJob(indicators()))
LOGS = [
    SAMPLES / form / f"{name}.log"
    for form, name in (
        ("zeek-tsv", "dns"),
        ("zeek-tsv", "http"),
        ("zeek-tsv", "conn"),
        ("suricata-eve", "dns"),
        ("fortigate", "traffic"),
    )
]


def _claimed(claim: Claim, options: ReadOptions) -> WorkerTools:
    table = [structs.replace(one, claim=claim) for one in indicators().indicators]
    return prepare(ScanJob(IndicatorSet(tuple(table)), options))


SEEN_US = 1_600_000_000_000_000
FADING = _claimed(
    Claim(confidence=80, last_seen_us=SEEN_US), ReadOptions(since_us=SEEN_US, until_us=2 * SEEN_US)
)
DATED = _claimed(Claim(valid_from_us=SEEN_US, valid_until_us=1_790_000_000_000_000), ReadOptions())


def outcome(content: bytes, tools: WorkerTools, fewest: int, monkeypatch: Any) -> dict[str, Any]:
    """Return what the lines of `content` give, in columns from `fewest` lines at a time on."""
    monkeypatch.setattr(parsing, "FEWEST_IN_COLUMNS", fewest)
    form = recognise(content)
    layout = form.layout(content)
    split = Split(
        file=0,
        shown="x.log",
        location=Path("x.log"),
        codec=Codec.PLAIN,
        format=form.name,
        layout=layout,
        offset=0,
        length=len(content),
        file_size=len(content),
    )
    account = SplitAccount(split, frozenset())
    parser = LineParser(split, tools, account)
    scanned = tools.sieve.scan(content, None, None)
    lines: list[Line] = []
    place = 0
    for line in content.split(b"\n"):
        if line:
            lines.append((place, line))
        place += len(line) + 1
    candidates = {start for start, _ in scanned.candidates}
    account.sieved(len(lines), len(candidates))
    for first in range(0, len(lines), 40):
        parser.parse_lines(lines[first : first + 40], candidates, layout)
    parser.finish(layout)
    rows = {
        name: pa.ipc.open_stream(stream).read_all().to_pylist() if stream else []
        for name, stream in (
            ("sightings", parser.sightings.to_ipc()),
            ("leases", parser.leases.to_ipc()),
        )
    }
    counted = (parser.sightings.count, parser.sightings.mentions)
    return rows | {
        "counts": account.counts,
        "forms": account.forms,
        "rejects": account.rejects,
        "traffic": parser.traffic,
        "counted": counted,
    }


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_lines_in_columns_give_what_they_give_one_by_one(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(log.stem)
    content = generated(log, rng, 60)
    tools = rng.choice((PLAIN, FADING, DATED))
    taken: list[int] = []
    judged = ColumnParser._judged

    def counted(*given: Any) -> ColumnOutcome:
        told = judged(*given)
        taken.append(told.taken)
        return told

    monkeypatch.setattr(ColumnParser, "_judged", counted)
    in_columns = outcome(content, tools, 1, monkeypatch)
    assert sum(taken)
    assert in_columns == outcome(content, tools, len(content), monkeypatch)
