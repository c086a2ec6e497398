"""The engine's functions for programs: what the command line and the portal call."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_network
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quetsach.addresses import Network
from quetsach.clocks import MICROSECONDS, iso_from_us
from quetsach.errors import QuetsachError
from quetsach.findings.folder import Findings, read_folder
from quetsach.findings.summary import exit_code
from quetsach.findings.withdrawn import Flagged, flag
from quetsach.indicators.allow import allow_lists, meetings, tagged
from quetsach.indicators.check import CheckReport, check
from quetsach.indicators.decision import Decision, Verdict
from quetsach.indicators.decisions import Decisions, append_decisions, decided, read_decisions
from quetsach.indicators.diff import Diff, diff
from quetsach.indicators.model import Indicator, IndicatorSet
from quetsach.indicators.moments import us_now
from quetsach.indicators.options import ListOptions
from quetsach.indicators.parse_value import Value, parse_value
from quetsach.indicators.publish import Published, Shelf, publish
from quetsach.indicators.read import read_lists, read_raw
from quetsach.indicators.release import MARK
from quetsach.indicators.release_lines import Entry
from quetsach.indicators.store import VERSIONS, open_release
from quetsach.indicators.update import Titles
from quetsach.pipeline.job import INSIDE, Options
from quetsach.run.sweep import Engine, Progress, SweepRequest, sweep
from quetsach.run.trial import Trial, trial
from quetsach.run.units import Units, read_units, roots_of
from quetsach.run.why import Because, why

if TYPE_CHECKING:
    from quetsach.documents.report import Written

__all__ = [
    "Because",
    "CheckReport",
    "Decision",
    "Diff",
    "Findings",
    "Flagged",
    "Published",
    "Shelf",
    "SweepRequest",
    "Titles",
    "Trial",
    "Verdict",
    "check_indicators",
    "decide_indicators",
    "diff_indicators",
    "exit_code",
    "read_folder",
    "release_indicators",
    "report",
    "sweep",
    "sweep_request",
    "try_indicators",
    "why",
    "withdrawn_sightings",
]


def sweep_request(
    *,
    evidence: Sequence[str],
    lists: Sequence[Path],
    out: Path | None = None,
    allow: Sequence[str | Path] = (),
    decisions: Path | None = None,
    zone: str = "Asia/Ho_Chi_Minh",
    inside: Sequence[str] = (),
    accept_private: bool = False,
    since: str | None = None,
    until: str | None = None,
    engine: Engine = "local",
    workers: int | None = None,
) -> SweepRequest:
    """Return what to sweep, with lists read and every value checked.

    Errors: E202 for a list that cannot be read; E601 for a wrong value.
    """
    own = tuple(_network(one) for one in inside)
    options = Options(
        zone=_zone(zone).key,
        inside=tuple(str(one) for one in own) or INSIDE,
        accept_private=accept_private,
        since_us=_moment("--since", since, zone),
        until_us=_moment("--until", until, zone),
    )
    indicators = read_lists(
        lists, ListOptions(accept_private=accept_private, own=own, zone=_zone(zone))
    )
    indicators, _dropped = decided(indicators, _decisions(decisions))
    if allow:
        indicators = tagged(indicators, allow_lists(allow, usual=False))
    target = out if out is not None else _free_folder()
    return SweepRequest(tuple(evidence), indicators, target, options, engine, workers)


def check_indicators(
    lists: Sequence[Path],
    *,
    allow: Sequence[str | Path] = (),
    decisions: Path | None = None,
    inside: Sequence[str] = (),
    accept_private: bool = False,
) -> CheckReport:
    """Return what there is to know of lists before they are used.

    MISP's warning lists are looked in beside those of `allow`, unless it has "none".
    Errors: E202 for a list that cannot be read; E226 for the decisions; E601 for a wrong value.
    """
    own = tuple(_network(one) for one in inside)
    indicators = read_lists(lists, ListOptions(accept_private=accept_private, own=own))
    return check(indicators, allow_lists(allow, usual=True), _decisions(decisions))


def release_indicators(
    lists: Sequence[Path],
    titles: Titles,
    shelf: Shelf,
    *,
    allow: Sequence[str | Path] = (),
    decisions: Path | None = None,
    zone: str = "Asia/Ho_Chi_Minh",
    inside: Sequence[str] = (),
    accept_private: bool = False,
) -> Published:
    """Write the next release of the lists and return where it is and what it changes.

    Errors: E202 for a list; E220 to E227 where it is not sound, and nothing is written then.
    """
    own = tuple(_network(one) for one in inside)
    options = ListOptions(accept_private=accept_private, own=own, zone=_zone(zone))
    _moment("--created", titles.created, zone)
    return publish(
        read_lists(lists, options),
        titles,
        shelf,
        allow=allow_lists(allow, usual=False) if allow else None,
        decisions=_decisions(decisions),
    )


def diff_indicators(before: str, after: str) -> Diff:
    """Return what changed between two releases, lists, or versions of a store (FOLDER@DIGEST).

    Errors: E202 for a list; E220, E224 for a release.
    """
    return diff(_entries(before), _entries(after))


def decide_indicators(
    keys: Sequence[str], verdict: Verdict, *, reason: str, until: str, by: str, file: Path
) -> list[Decision]:
    """Write a decision on each of `keys`, in any notation, to the file and return them.

    Each names the allow classes that it is about. Errors: E226 for the file; E601 for a key, an
    empty reason, or a date that is none or past.
    """
    if not reason.strip():
        raise QuetsachError("E601", "--reason", reason=reason)
    zone = "Asia/Ho_Chi_Minh"
    end = _moment("--until", until if "T" in until else f"{until}T23:59:59", zone)
    now = us_now()
    if end is None or end < now:
        raise QuetsachError("E601", "--until", reason=until)
    values = [value for key in keys for value in _values(key)]
    made = IndicatorSet(tuple(Indicator(*one[:5]) for one in values))
    met = meetings(made, allow_lists((), usual=True))
    decisions = [
        Decision(
            key=one.key,
            verdict=verdict,
            reason=reason.strip(),
            until=iso_from_us(end, _zone(zone)),
            decided=iso_from_us(now, _zone(zone)),
            by=by,
            classes=tuple(sorted({on.of_class for on in met.get((one.key, one.kind), ())})),
        )
        for one in values
    ]
    append_decisions(file, decisions)
    return decisions


def try_indicators(
    request: SweepRequest,
    *,
    units: Path | None = None,
    allow: Sequence[str | Path] = (),
    previous: str | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Return what the set of `request` would say of its evidence; no findings folder is written.

    `allow` is only shown, as by check_indicators. Errors: as a sweep; E220 to E224 for the
    release before; E228 for the table of units.
    """
    table = None if units is None else read_units(read_raw(units), str(units))
    before = None if previous is None else open_release(previous)[1].indicator_set
    return trial(
        request,
        Units(table, roots_of(request.evidence)),
        met=meetings(request.indicators, allow_lists(allow, usual=True)),
        previous=before,
        progress=progress,
    )


def withdrawn_sightings(folders: Sequence[Path], release: str) -> list[Flagged]:
    """Return what in past findings rests on indicators that the release took back.

    Errors: E303, E305 for a folder; E220, E224 for the release.
    """
    entries = open_release(release)[1].entries
    return [flag(read_folder(folder), entries) for folder in folders]


def report(folder: Path, *, form: str, unit: str | None, out: Path | None = None) -> "Written":
    """Fill the form with this code from the findings in `folder`; return the files written.

    Errors: E303, E305 for the folder; E401 to E405 for the form; E406 when it cannot be written.
    """
    # Imported where it is used: a sweep writes no documents, and need not wait for their libraries.
    from quetsach.documents.report import write_report

    findings = read_folder(folder)
    summary: Mapping[str, Any] = findings.manifest["summary"]
    target = folder if out is None else out
    return write_report(
        summary, findings.coverage, target, form_code=form, unit=unit, created=_as_of(findings)
    )


def _decisions(path: Path | None) -> Decisions:
    return Decisions() if path is None else read_decisions(path, us_now())


def _values(key: str) -> Sequence[Value]:
    found = parse_value(key, ListOptions(accept_private=True)).values
    if not found:
        raise QuetsachError("E601", "KEY", reason=key)
    return found


def _entries(text: str) -> Sequence[Entry]:
    path = Path(text)
    is_release = path.is_file() and read_raw(path).startswith(MARK)
    is_store = path.is_dir() and (path / VERSIONS).is_file()
    if is_release or is_store or ("@" in text and not path.exists()):
        return open_release(text)[1].entries
    found = read_lists([path], ListOptions(accept_private=True))
    return [Entry(one) for one in found.indicators]


def _as_of(findings: Findings) -> datetime:
    """Return the time that a document from these findings carries: that of the last log line.

    Not the clock's: the same findings give the same bytes.
    """
    last = max((one["last"] for one in findings.coverage["sources"] if one["last"]), default=None)
    return datetime.fromisoformat(last) if last else datetime(1980, 1, 1, tzinfo=UTC)


def _free_folder() -> Path:
    """Return a folder here that is not there yet, named after the time."""
    name = f"findings-{datetime.now():%Y%m%d-%H%M%S}"
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(path for path in map(Path, names) if not path.exists())


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise QuetsachError("E601", "--zone", reason=name) from error


def _network(text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise QuetsachError("E601", "--inside", reason=text) from error


def _moment(option: str, text: str | None, zone: str) -> int | None:
    """Return a time in us; one without an offset is meant in `zone`."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise QuetsachError("E601", option, reason=text) from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=_zone(zone))
    return round(aware.timestamp() * MICROSECONDS)
