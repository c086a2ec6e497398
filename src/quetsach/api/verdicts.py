"""Verdicts from findings: several sweeps, what was handled and scanned, and the units."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from quetsach.api.problems import exit_code, problem_json
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.findings.folder import Findings, read_folder
from quetsach.sweeping.units import UnitResolver, planned_units, read_units, roots_of
from quetsach.texts import _
from quetsach.verdicts.coverage import day_coverage
from quetsach.verdicts.evidence import VerdictEvidence, gather_evidence
from quetsach.verdicts.judge import UnitVerdict, unit_verdicts
from quetsach.verdicts.judge import judge as judge
from quetsach.verdicts.model import DayCoverage as DayCoverage
from quetsach.verdicts.model import DeviceState as DeviceState
from quetsach.verdicts.model import DeviceVerdict as DeviceVerdict
from quetsach.verdicts.model import HandlingRecord as HandlingRecord
from quetsach.verdicts.model import SideSignal as SideSignal
from quetsach.verdicts.model import Signal as Signal
from quetsach.verdicts.model import Thresholds as Thresholds
from quetsach.verdicts.model import VerdictContact as VerdictContact
from quetsach.verdicts.model import days_text as days_text
from quetsach.verdicts.tables import DeviceTable, read_handlings, read_words
from quetsach.verdicts.window import Need

FORMAT = "quetsach-verdicts/1"
MOST_TABLE = 64 * 1024 * 1024


@dataclass(frozen=True)
class VerdictRequest:
    """What to judge from.

    Shapes: `folders` are findings; `handled`, `scans` and `units` CSV files; `roots` the folders
    that were swept, whose folders are the units; without both the units are those that the
    sweeps knew. `machines` counts the machines of a unit.
    `as_of` is a local ISO date, "" for today.
    """

    folders: Sequence[Path]
    handled: Path | None = None
    scans: Path | None = None
    units: Path | None = None
    roots: Sequence[Path] = ()
    machines: Mapping[str, int] = field(default_factory=dict)
    thresholds: Thresholds = field(default_factory=Thresholds)
    as_of: str = ""


@dataclass(frozen=True)
class VerdictReport:
    """Each device with its unit and verdict, the units, and what was not understood.

    `complete` says that the sweeps behind it had read all they were given.
    """

    as_of: str
    zone: str
    thresholds: Thresholds
    devices: tuple[tuple[str, DeviceVerdict], ...]
    units: tuple[UnitVerdict, ...]
    problems: tuple[Problem, ...]
    complete: bool

    @property
    def exit_code(self) -> Literal[0, 1, 3]:
        """Return 0 all verified clean, or nothing ever found; 1 not so; 3 not all was read."""
        if self.problems or not self.complete:
            return 3
        return (
            0 if all(one.state is DeviceState.VERIFIED_CLEAN for _unit, one in self.devices) else 1
        )

    def to_json(self) -> dict[str, Any]:
        """Return the report for programs, as docs/verdicts.md describes it."""
        return {
            "format": FORMAT,
            "as_of": self.as_of,
            "zone": self.zone,
            "complete": self.complete,
            "thresholds": {**vars(self.thresholds)},
            "devices": [{"unit": unit, **_device_json(one)} for unit, one in self.devices],
            "units": [_unit_json(one) for one in self.units],
            "problems": [problem_json(one) for one in self.problems],
        }


def compute_verdicts(request: VerdictRequest) -> VerdictReport:
    """Return what is known of each device that the findings blame, and of each unit.

    Errors: E303, E305 for a folder; E228, E310 for a table; E314 for a threshold or the day.
    """
    _check(request)
    folders = [read_folder(one) for one in request.folders]
    zone = ZoneInfo(folders[0].manifest["options"]["zone"])
    as_of = request.as_of or datetime.now(zone).date().isoformat()
    units, machines = _units(request, folders)
    # Each address is asked for on each day that it spoke.
    unit_of = cache(units.unit_of)
    evidence = gather_evidence(folders, unit_of)
    coverage = day_coverage(evidence.sources, unit_of)
    problems = list(evidence.problems)
    tables = (
        _told(request.handled, read_handlings, zone, evidence, problems),
        _told(request.scans, read_words, zone, evidence, problems),
    )
    judged = _judged(evidence, coverage, tables, request.thresholds, as_of)
    return VerdictReport(
        as_of=as_of,
        zone=zone.key,
        thresholds=request.thresholds,
        devices=tuple(judged),
        units=tuple(
            unit_verdicts(
                judged,
                coverage,
                machines=machines,
                named=units.named(),
                untraced=evidence.untraced,
                untimed=evidence.untimed,
                share=request.thresholds.share,
            )
        ),
        problems=tuple(problems),
        complete=all(_is_complete(one) for one in folders),
    )


_Rows = Mapping[str, Sequence[HandlingRecord | SideSignal]]


def _judged(
    evidence: VerdictEvidence,
    coverage: Sequence[DayCoverage],
    tables: tuple[_Rows, _Rows],
    thresholds: Thresholds,
    as_of: str,
) -> list[tuple[str, DeviceVerdict]]:
    handlings, words = tables
    by_need: dict[Need, list[DayCoverage]] = {}
    for day in coverage:
        by_need.setdefault((day.unit, day.kind), []).append(day)
    judged = []
    for device in sorted({*evidence.contacts, *handlings, *words}):
        contacts = evidence.contacts.get(device, [])
        needs = {(contact.unit, contact.kind) for contact in contacts}
        verdict = judge(
            device,
            contacts,
            [
                handling
                for handling in handlings.get(device, ())
                if isinstance(handling, HandlingRecord)
            ],
            [signal for signal in words.get(device, ()) if isinstance(signal, SideSignal)],
            [day for need in needs for day in by_need.get(need, ())],
            thresholds,
            as_of,
        )
        judged.append((_unit_of(contacts, coverage, device), verdict))
    return judged


def _check(request: VerdictRequest) -> None:
    limits = request.thresholds
    if not request.folders:
        raise QuetsachError("E303", "-")
    if limits.covered_days < 1 or limits.alive_days < 1 or not 0 < limits.share <= 1:
        raise QuetsachError("E314", "verdict", reason=_("thresholds begin at 1 day"))
    if limits.alive_days > limits.covered_days:
        reason = _("more days alive than days covered")
        raise QuetsachError("E314", "verdict", reason=reason)
    if request.as_of:
        try:
            plain = date.fromisoformat(request.as_of).isoformat() == request.as_of
        except ValueError:
            plain = False
        if not plain:
            raise QuetsachError("E314", "--as-of", reason=request.as_of)


def _units(
    request: VerdictRequest, folders: Sequence[Findings]
) -> tuple[UnitResolver, Mapping[str, int]]:
    """Return the units that were asked for, else those of the sweeps; and their machines."""
    if request.units is not None or request.roots:
        table = None
        if request.units is not None:
            table = read_units(_content(request.units, "E228"), str(request.units))
        return UnitResolver(table, roots_of([str(one) for one in request.roots])), request.machines
    planned = planned_units(folders)
    return UnitResolver(planned.table), request.machines or planned.machines


def _content(path: Path, code: str) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_TABLE + 1)
    except OSError as error:
        raise QuetsachError(code, str(path), reason=error.strerror or str(error)) from error
    if len(raw) > MOST_TABLE:
        raise QuetsachError(code, str(path), reason=_("it is far too long"))
    return raw


def _told(
    path: Path | None,
    read: Callable[[bytes, str, ZoneInfo], DeviceTable],
    zone: ZoneInfo,
    evidence: VerdictEvidence,
    problems: list[Problem],
) -> dict[str, list[HandlingRecord | SideSignal]]:
    """Return the rows of a table by device; a name that means no device, or two, is a problem."""
    rows_by_device: dict[str, list[HandlingRecord | SideSignal]] = {}
    if path is None:
        return rows_by_device
    table = read(_content(path, "E310"), str(path), zone)
    problems += table.problems
    for number, name, value in table.rows:
        devices = evidence.names.get(name.casefold(), set())
        if len(devices) == 1:
            rows_by_device.setdefault(next(iter(devices)), []).append(value)
        else:
            facts = {"row": number, "device": name[:80]}
            problems.append(Problem("E313", str(path), facts))
    return rows_by_device


def _unit_of(
    contacts: Sequence[VerdictContact], coverage: Iterable[DayCoverage], device: str
) -> str:
    """Return the unit of the latest contact, else the one in which it was last alive, or ""."""
    if contacts:
        return max(contacts, key=lambda one: (one.when_us, one.number)).unit
    lived = [(one.day, one.unit) for one in coverage if device in one.alive]
    return max(lived)[1] if lived else ""


def _is_complete(findings: Findings) -> bool:
    return exit_code(findings.manifest["summary"]) != 3


def _device_json(verdict: DeviceVerdict) -> dict[str, Any]:
    return {
        "device": verdict.device,
        "state": str(verdict.state),
        "because": verdict.because,
        "missing": list(verdict.missing),
        "since": verdict.since_day or None,
        "covered": list(verdict.covered),
        "alive": list(verdict.alive),
        "gaps": list(verdict.gaps),
        "kinds": list(verdict.kinds),
        "recurrences": verdict.recurrences,
        "recheck": list(verdict.recheck),
        "declared": list(verdict.declared),
        "signals": list(verdict.signals),
    }


def _unit_json(verdict: UnitVerdict) -> dict[str, Any]:
    return {
        "unit": verdict.unit,
        "infected": verdict.infected if verdict.days or verdict.infected else None,
        "states": dict(verdict.states),
        "looked_at": {
            "sources": verdict.sources,
            "kinds": list(verdict.kinds),
            "days": list(verdict.days),
            "partial_days": list(verdict.partial),
            "alive": verdict.alive,
            "machines": verdict.machines,
            "untimed_files": verdict.untimed,
        },
        "untraced": verdict.untraced,
        "sentence": verdict.sentence,
    }


def verdicts(
    folders: Sequence[Path],
    *,
    handled: Path | None = None,
    scans: Path | None = None,
    units: Path | None = None,
    roots: Sequence[Path] = (),
    machines: Mapping[str, int] | None = None,
    thresholds: Thresholds | None = None,
    as_of: str | None = None,
) -> VerdictReport:
    """Return what is known of each device and unit from findings of one or more sweeps.

    Shapes: `handled` (device, time, what, by) and `scans` (device, time, result, signal) are CSV
    files; `units` tells units by network, `roots` by the folders that were swept; `machines`
    counts the machines of a unit. `as_of` is a local ISO date, today where none is given.
    Errors: E228, E303, E305, E310, E314.
    """
    return compute_verdicts(
        VerdictRequest(
            folders=folders,
            handled=handled,
            scans=scans,
            units=units,
            roots=roots,
            machines=machines or {},
            thresholds=Thresholds() if thresholds is None else thresholds,
            as_of=as_of or "",
        )
    )
