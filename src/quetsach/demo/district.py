"""The demo district on disk: evidence, lists, units and the truth."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from quetsach.demo import lists
from quetsach.demo.calendar import FIRST_MONDAY, week_of
from quetsach.demo.ledger import Ledger
from quetsach.demo.letter import LETTER, letter_text
from quetsach.demo.notices import NOTICES, Sinkhole
from quetsach.demo.plan import Unit, plan_district
from quetsach.demo.record import Recording
from quetsach.demo.sinks import Written
from quetsach.demo.traffic import Event, Handout
from quetsach.demo.truth import Seen, Size, Truth, truth_of
from quetsach.demo.week import hours

Progress = Callable[[int, int], None]
"""Called with (units written, units in all)."""

# Visits of one PC in a busy hour, and the number of clean sites: about 5 MB, 100 MB and 1.5 GB.
PACES: Mapping[Size, tuple[float, int]] = {
    "small": (0.3, 400),
    "medium": (9.0, 4_000),
    "large": (140.0, 40_000),
}

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def build_district(
    out: Path,
    seed: int,
    size: Size = "small",
    progress: Progress | None = None,
    *,
    week: date = FIRST_MONDAY,
) -> Truth:
    """Write the district into `out`, and return its truth, which also stands in `truth.json`.

    Everything happens in the week of the day `week`. The same seed, size and week give the same
    bytes.
    Errors: OSError when `out` cannot be written.
    Cost: memory holds one hour of one unit, whatever the size.
    """
    with week_of(week):
        return _build(out, seed, size, progress)


def _build(out: Path, seed: int, size: Size, progress: Progress | None) -> Truth:
    units = plan_district(seed)
    seen = Seen(written=[], kept=Ledger(), lost=Ledger(), held={})
    written: list[Written] = []
    held: dict[str, list[tuple[str, int, int]]] = {}
    sinkhole = Sinkhole()
    for number, unit in enumerate(units, 1):
        written += _write_unit(
            out / "evidence",
            unit,
            how=(seed, size),
            ledgers=(seen.kept, seen.lost),
            held=held,
            sinkhole=sinkhole,
        )
        if progress:
            progress(number, len(units))
    written.sort(key=lambda one: one.path)
    content, noticed = sinkhole.write()
    truth = truth_of(
        units, Seen(written, seen.kept, seen.lost, held, noticed), seed=seed, size=size
    )
    _write_lists(out)
    (out / NOTICES).parent.mkdir(parents=True, exist_ok=True)
    (out / NOTICES).write_bytes(content)
    (out / "units.csv").write_bytes(_units_csv(units))
    (out / "machines.csv").write_bytes(_machines_csv(units))
    (out / "truth.json").write_bytes(truth.to_json())
    return truth


def _write_unit(
    root: Path,
    unit: Unit,
    *,
    how: tuple[int, Size],
    ledgers: tuple[Ledger, Ledger],
    held: dict[str, list[tuple[str, int, int]]],
    sinkhole: Sinkhole,
) -> list[Written]:
    seed, size = how
    recordings = [Recording(root, unit, one, ledgers=ledgers) for one in unit.recorders]
    for day, events in hours(unit, seed, PACES[size]):
        _note_held(events, held)
        sinkhole.watch(unit, events)
        for one in recordings:
            one.take(day, events)
    for one in recordings:
        one.close()
    return [file for one in recordings for file in one.written]


def _note_held(events: Sequence[Event], held: dict[str, list[tuple[str, int, int]]]) -> None:
    for one in events:
        if not isinstance(one, Handout):
            continue
        spans = held.setdefault(one.mac.upper().replace(":", "-"), [])
        end_us = one.when_us + one.seconds * 1_000_000
        if one.renewal:
            address, start_us, _ = spans.pop()
            spans.append((address, start_us, end_us))
        else:
            spans.append((one.address, one.when_us, end_us))


def _write_lists(out: Path) -> None:
    allow = out / lists.ALLOW
    root = out / "indicators"
    for folder in (allow.parent, root):
        folder.mkdir(parents=True, exist_ok=True)
    (root / lists.ANNEX).write_bytes(lists.annex_text().encode())
    (root / lists.SUPPLEMENT).write_bytes((BOM + lists.SUPPLEMENT_TEXT).encode())
    allow.write_bytes(lists.ALLOW_TEXT.encode())
    letter = out / LETTER
    letter.parent.mkdir(parents=True, exist_ok=True)
    letter.write_bytes(letter_text().encode())


def _units_csv(units: Sequence[Unit]) -> bytes:
    head = (
        "code",
        "name",
        "kind",
        "folder",
        "subnet",
        "public",
        "clock",
        "heads",
        "participants",
        "machines",
    )
    rows = [
        (
            unit.place.code,
            unit.place.name,
            unit.place.kind.value,
            unit.place.folder,
            f"{unit.prefix}.0/24",
            unit.public,
            unit.recorders[0].clock,
            unit.heads,
            unit.participants,
            len(unit.pcs) + 1,
        )
        for unit in units
    ]
    return _csv(head, rows)


def _machines_csv(units: Sequence[Unit]) -> bytes:
    head = ("unit", "host_name", "mac", "fixed_address")
    rows = [
        (unit.place.code, one.host_name, one.who, one.fixed)
        for unit in units
        for one in (*unit.pcs, unit.server)
    ]
    return _csv(head, rows)


def _csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(head)
    table.writerows(rows)
    return text.getvalue().encode()
