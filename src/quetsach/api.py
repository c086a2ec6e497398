"""The engine's functions for programs: what the command line and the portal call."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_network
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quetsach.addresses import Network
from quetsach.clocks import MICROSECONDS
from quetsach.errors import QuetsachError
from quetsach.findings.folder import Findings, read_folder
from quetsach.findings.summary import exit_code
from quetsach.indicators.allow import read_allow, tagged
from quetsach.indicators.check import CheckReport, check
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.letters.model import Indicators, KnownForm, Letter
from quetsach.papers.contract import Limits, Paper
from quetsach.pipeline.job import INSIDE, Options
from quetsach.run.sweep import Engine, SweepRequest, sweep
from quetsach.run.why import Because, why
from quetsach.texts import _

if TYPE_CHECKING:
    from quetsach.documents.report import Written

__all__ = [
    "Because",
    "CheckReport",
    "Findings",
    "SweepRequest",
    "check_indicators",
    "exit_code",
    "read_folder",
    "read_letter",
    "report",
    "sweep",
    "sweep_request",
    "why",
]

MOST_PLACES = 50
"""How many places of indicators a letter names; their list has all."""


def sweep_request(
    *,
    evidence: Sequence[str],
    lists: Sequence[Path],
    out: Path | None = None,
    allow: Sequence[Path] = (),
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
    if allow:
        indicators = tagged(indicators, read_allow(allow))
    target = out if out is not None else _free_folder()
    return SweepRequest(tuple(evidence), indicators, target, options, engine, workers)


def check_indicators(
    lists: Sequence[Path], *, allow: Sequence[Path] = (), accept_private: bool = False
) -> CheckReport:
    """Return what there is to know of lists before they are used.

    Errors: E202 for a list that cannot be read.
    """
    indicators = read_lists(lists, ListOptions(accept_private=accept_private))
    return check(tagged(indicators, read_allow(allow)))


def read_letter(path: Path) -> Letter:
    """Return what the letter in the file `path` says, and what it leaves open.

    Errors: E101, E104, E413 for the file; E410 to E417 for its kind.
    """
    # Imported where it is used: a sweep reads no letters.
    from quetsach.letters.read import read_letter as letter_in
    from quetsach.papers.read import read_paper

    try:
        size = path.stat().st_size
        limit = Limits().bytes_in
        if size > limit:
            raise QuetsachError("E413", path.name, limit=f"{limit:,} bytes")
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise QuetsachError("E101", str(path)) from error
    except OSError as error:
        raise QuetsachError("E104", str(path), reason=error.strerror) from error
    paper = read_paper(raw, path.name)
    return letter_in(paper, known=_known_forms(), count=lambda _paper: _counted(path, paper))


def _counted(path: Path, paper: Paper) -> Indicators | None:
    """Return how many indicators the list reader finds in the file, or None if it knows it not.

    A scan is not read a second time: that costs minutes.
    """
    if paper.by_ocr:
        return None
    try:
        found = read_lists([path], ListOptions()).indicators
    except QuetsachError:
        return None
    origins = (one.origins[0] for one in found)
    places = dict.fromkeys(one.place or _("row %(row)s") % {"row": one.row} for one in origins)
    return Indicators(len(found), tuple(islice(places, MOST_PLACES)))


def _known_forms() -> tuple[KnownForm, ...]:
    """Return the forms of this program as a letter's appendix would show them."""
    from quetsach.documents.form import forms

    return tuple(
        KnownForm(
            form.code,
            form.title.vi,
            tuple(field.label.vi for section in form.sections for field in section.fields),
            tuple(
                tuple(column.vi for column in section.table.columns)
                for section in form.sections
                if section.table is not None
            ),
            tuple(
                row.label.vi
                for section in form.sections
                if section.table is not None
                for row in section.table.rows
            ),
        )
        for form in forms()
    )


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
