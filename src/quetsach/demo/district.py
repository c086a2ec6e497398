"""The demo district on disk: evidence, lists, units and the truth."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from quetsach.demo import lists
from quetsach.demo.benign import BUSY, Hour, present, visits
from quetsach.demo.contacts import (
    LOOK_ALIKE_DAY,
    SCAN_DAY,
    Forwarder,
    contacts,
    handouts,
    near_misses,
    scan,
)
from quetsach.demo.lists import LETTER, letter_text
from quetsach.demo.log_files import DemoLedger, LogFile
from quetsach.demo.notices import NOTICES, Sinkhole
from quetsach.demo.plan import FORWARDING_UNIT, DemoUnit, plan_district
from quetsach.demo.recording import Recording
from quetsach.demo.times import (
    FIRST_MONDAY,
    HOUR_US,
    RandomSource,
    chance_for,
    day_start_us,
    week_of,
)
from quetsach.demo.traffic import DnsLookup, Event, LeaseGrant
from quetsach.demo.truth import DemoTruth, DistrictRecord, Size, truth_of
from quetsach.scratch_folders import folder_in_one_step

# All that happens in one unit, hour after hour, in the order of time.


def hours(unit: DemoUnit, seed: int, pace: tuple[float, int]) -> Iterator[tuple[int, list[Event]]]:
    """Yield (day, events of one hour in the order of time) for each logged hour of the week.

    Cost: holds one hour, so memory does not grow with the week.
    """
    chance = chance_for(seed, f"{unit.place.code}/week")
    forwarder = Forwarder(unit, chance) if unit.place.code == FORWARDING_UNIT else None
    for day in unit.days:
        planned = _planned(unit, day, chance)
        for hour in range(24):
            start_us = day_start_us(day) + hour * HOUR_US
            events = visits(Hour(unit, day, hour, start_us), chance, pace)
            events += [one for one in planned if start_us <= one.when_us < start_us + HOUR_US]
            events.sort(key=lambda event: (event.when_us, event.serial))
            yield day, _forwarded(events, forwarder) if forwarder else events


def _planned(unit: DemoUnit, day: int, chance: RandomSource) -> list[Event]:
    out = contacts(unit, day, chance)
    started = sorted({n for hour in BUSY for n in present(unit, day, hour)})
    out += handouts(unit, day, started, chance=chance)
    if day == LOOK_ALIKE_DAY:
        out += near_misses(unit, chance)
    if day == SCAN_DAY:
        out += scan(unit, chance)
    return out


def _forwarded(events: list[Event], forwarder: Forwarder) -> list[Event]:
    out: list[Event] = []
    for one in events:
        out.append(one)
        if isinstance(one, DnsLookup):
            asked = forwarder.asks(one)
            if asked:
                out.append(asked)
    return out


Progress = Callable[[int, int], None]
"""Called with (units written, units in all)."""

# Visits of one PC in a busy hour, and the number of clean sites: about 5 MB, 100 MB and 1.5 GB.
PACES: Mapping[Size, tuple[float, int]] = {
    "small": (0.3, 400),
    "medium": (9.0, 4_000),
    "large": (140.0, 40_000),
}

SOURCES = "sources.toml"
"""What the administrators say of the clocks: for `quetsach sweep --sources`."""

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def build_district(
    out: Path,
    seed: int,
    size: Size = "small",
    progress: Progress | None = None,
    *,
    week: date = FIRST_MONDAY,
) -> DemoTruth:
    """Write the district into `out`, and return its truth, which is also in `truth.json`.

    Everything happens in the week of the day `week`. The same seed, size and week give the same
    bytes.
    Errors: OSError when `out` cannot be written, or is there and not empty; it is not half there.
    Cost: memory holds one hour of one unit, whatever the size.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with week_of(week), folder_in_one_step(out) as partial:
        return _build(partial, seed, size, progress)


def _build(out: Path, seed: int, size: Size, progress: Progress | None) -> DemoTruth:
    units = plan_district(seed)
    record = DistrictRecord(written=[], kept=DemoLedger(), lost=DemoLedger(), held={})
    written: list[LogFile] = []
    holdings: dict[str, list[tuple[str, int, int]]] = {}
    sinkhole = Sinkhole()
    for number, unit in enumerate(units, 1):
        written += _write_unit(
            out / "evidence",
            unit,
            how=(seed, size),
            ledgers=(record.kept, record.lost),
            holdings=holdings,
            sinkhole=sinkhole,
        )
        if progress:
            progress(number, len(units))
    written.sort(key=lambda one: one.path)
    content, noticed = sinkhole.write()
    truth = truth_of(
        units,
        DistrictRecord(written, record.kept, record.lost, holdings, noticed),
        seed=seed,
        size=size,
    )
    write_lists(out)
    (out / NOTICES).parent.mkdir(parents=True, exist_ok=True)
    (out / NOTICES).write_bytes(content)
    (out / "units.csv").write_bytes(_units_csv(units))
    (out / "machines.csv").write_bytes(_machines_csv(units))
    (out / SOURCES).write_bytes(_sources_toml(units))
    (out / "truth.json").write_bytes(truth.to_json())
    return truth


def _write_unit(
    root: Path,
    unit: DemoUnit,
    *,
    how: tuple[int, Size],
    ledgers: tuple[DemoLedger, DemoLedger],
    holdings: dict[str, list[tuple[str, int, int]]],
    sinkhole: Sinkhole,
) -> list[LogFile]:
    seed, size = how
    recordings = [Recording(root, unit, recorder, ledgers=ledgers) for recorder in unit.recorders]
    for day, events in hours(unit, seed, PACES[size]):
        _note_held(events, holdings)
        sinkhole.watch(unit, events)
        for recording in recordings:
            recording.take(day, events)
    for recording in recordings:
        recording.close()
    return [file for recording in recordings for file in recording.written]


def _note_held(events: Sequence[Event], holdings: dict[str, list[tuple[str, int, int]]]) -> None:
    for event in events:
        if not isinstance(event, LeaseGrant):
            continue
        spans = holdings.setdefault(event.mac.upper().replace(":", "-"), [])
        end_us = event.when_us + event.seconds * 1_000_000
        if event.renewal:
            address, start_us, _ = spans.pop()
            spans.append((address, start_us, end_us))
        else:
            spans.append((event.address, event.when_us, end_us))


def write_lists(out: Path) -> None:
    """Write the authority's lists, its letter and the allow-list below `out`."""
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


def _units_csv(units: Sequence[DemoUnit]) -> bytes:
    head = (
        *("code", "name", "kind", "folder", "subnet", "public", "clock", "heads"),
        *("participants", "machines"),
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


def _sources_toml(units: Sequence[DemoUnit]) -> bytes:
    """Return the zone of each unit whose logs are not in local time, and of all others."""
    usual = "Asia/Ho_Chi_Minh"
    declared = [
        (f"{unit.place.folder}/**", unit.place.name, unit.recorders[0].clock)
        for unit in units
        if unit.recorders[0].clock != usual
    ]
    tables = [
        f"[[source]]\npath = {_quoted(path)}\nname = {_quoted(name)}\nzone = {_quoted(zone)}\n"
        for path, name, zone in (*declared, ("**", "Trà Cú", usual))
    ]
    return "\n".join(tables).encode()


def _quoted(text: str) -> str:
    # A string of JSON is one of TOML as well.
    return json.dumps(text, ensure_ascii=False)


def _machines_csv(units: Sequence[DemoUnit]) -> bytes:
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
