"""What a log brings beside what is known: same, grown, shorter, new, diverged."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from quetsach.findings.import_ledger import (
    LogStream,
    StreamChange,
    StreamGrowth,
    SweepMark,
    TextRead,
    compared,
    grown_by,
)
from quetsach.findings.streams import StreamLog, TextEnd

FIRST = datetime(2026, 11, 1, tzinfo=UTC)


def _numbers(count: int, start: int = 0) -> frozenset[str]:
    return frozenset(f"{number:016x}" for number in range(start, count))


def _log(lines: int, *, chain: str = "", **fields: object) -> StreamLog:
    seen = StreamLog(
        path="logs/eve.json",
        kind="suricata.eve",
        head="head",
        chain=chain or f"c{lines}",
        to=100 * lines,
        lines=lines,
        first=FIRST,
        digests=(chain or f"c{lines}",),
        numbers=_numbers(lines // 2),
    )
    return msgspec.structs.replace(seen, **fields)


KNOWN = LogStream(
    number=7,
    name="eve.json",
    kind="suricata.eve",
    head="head",
    first=FIRST,
    last=TextRead(("c30", "b30"), 3000, 30),
    listed="list",
    ends=[TextRead(("c20",), 2000, 20)],
    lines=30,
    numbers=_numbers(15),
)
NEXT = SweepMark(1, "list")


def _change(seen: StreamLog, sweep: SweepMark = NEXT) -> tuple[StreamChange, bool, int, int]:
    part = compared(seen, [replace(KNOWN)], sweep)
    assert part.start <= part.to
    return part.change, part.is_proved, part.new_lines, part.new_sightings


def test_an_equal_text_is_the_same_whatever_its_name() -> None:
    assert _change(_log(30, path="x/other.gz")) == (StreamChange.SAME, True, 0, 0)
    assert _change(_log(30, chain="c", digests=("b30",))) == (StreamChange.SAME, True, 0, 0)
    assert _change(_log(20)) == (StreamChange.SHORTER, True, 0, 0)


def test_what_was_compared_is_proved() -> None:
    begins = (TextEnd("c20", 2000), TextEnd("c30", 3000))
    assert _change(_log(40, begins_with=begins)) == (StreamChange.GROWN, True, 10, 5)
    earlier = {"begins_with": begins[:1], "differs_from": begins[1:]}
    altered = _numbers(10) | _numbers(40, 30)
    diverged = _log(40, numbers=altered, **earlier)
    assert _change(diverged) == (StreamChange.DIVERGED, True, 20, 10)
    assert _change(_log(24, begins_with=begins[:1])) == (StreamChange.SHORTER, False, 0, 0)
    other = _log(24, begins_with=begins[:1], numbers=_numbers(10) | {"f" * 16})
    assert _change(other) == (StreamChange.DIVERGED, False, 4, 1)


def test_a_header_that_many_logs_have_proves_nothing() -> None:
    header = LogStream(1, "a.csv", "csv", "head", None, TextRead(("cA",), 90, 9))
    header.ends.append(TextRead(("cH",), 20, 2))
    seen = _log(8, path="b.csv", kind="csv", first=None, numbers=frozenset())
    seen = msgspec.structs.replace(seen, begins_with=(TextEnd("cH", 20),))
    assert compared(seen, [header], NEXT).change is StreamChange.NEW


def test_what_was_not_compared_is_told_by_its_sightings_and_is_not_proved() -> None:
    assert _change(_log(40)) == (StreamChange.GROWN, False, 10, 5)
    assert _change(_log(40, path="moved/other.json")) == (StreamChange.GROWN, False, 10, 5)
    assert _change(_log(24)) == (StreamChange.SHORTER, False, 0, 0)
    edited = _log(40, numbers=_numbers(10) | _numbers(40, 30))
    assert _change(edited) == (StreamChange.DIVERGED, False, 10, 10)
    assert _change(_log(30, chain="x")) == (StreamChange.DIVERGED, False, 0, 0)
    assert _change(_log(40, numbers=_numbers(60, 40))) == (StreamChange.DIVERGED, False, 10, 20)


@pytest.mark.parametrize(
    "fields",
    [
        {"head": "other", "numbers": frozenset()},
        {"kind": "zeek.dns"},
        {"path": "b.json", "numbers": _numbers(90, 60)},
        {"first": None, "numbers": _numbers(90, 60)},
    ],
)
def test_anything_else_is_new(fields: dict[str, object]) -> None:
    change, is_proved, new_lines, new_sightings = _change(_log(40, **fields))
    assert (change, is_proved, new_lines) == (StreamChange.NEW, True, 40)
    assert new_sightings == len(_log(40, **fields).numbers)


def test_files_of_one_name_in_one_sweep_are_two_logs() -> None:
    of_the_same = SweepMark(0, "list")
    seen = _log(40, numbers=frozenset())
    assert _change(seen, of_the_same)[0] is StreamChange.NEW
    assert _change(seen)[0] is StreamChange.DIVERGED


def test_another_list_does_not_make_a_log_diverge() -> None:
    changed = SweepMark(1, "another list")
    assert _change(_log(40, numbers=_numbers(3)), changed) == (StreamChange.GROWN, False, 10, 0)
    assert _change(_log(24, numbers=_numbers(17, 2)), changed)[0] is StreamChange.SHORTER


def test_findings_of_before_know_neither_head_nor_length() -> None:
    old = replace(KNOWN, head="", last=TextRead(("s",), 0, 30), ends=[])
    assert compared(_log(40), [old], NEXT).change is StreamChange.GROWN
    assert compared(_log(40, path="b.json"), [old], NEXT).change is StreamChange.NEW


def test_a_stream_grows_by_its_parts() -> None:
    stream: LogStream | None = None
    parts: list[StreamGrowth] = []
    for turn, seen in enumerate([_log(20), _log(30), _log(20), _log(40)]):
        sweep = SweepMark(turn, "list")
        parts.append(compared(seen, [] if stream is None else [stream], sweep))
        stream = grown_by(stream, seen, parts[-1], sweep)
    assert stream is not None
    assert [str(part.change) for part in parts] == ["new", "grown", "shorter", "grown"]
    assert [(part.start, part.to) for part in parts] == [
        (0, 2000),
        (2000, 3000),
        (2000, 2000),
        (3000, 4000),
    ]
    assert stream.lines == 40 == sum(part.new_lines for part in parts)
    assert len(stream.numbers) == 20 == sum(part.new_sightings for part in parts)
