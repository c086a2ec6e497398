"""The engine's functions for programs: what the command line and the portal call."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quetsach.addresses import Network
from quetsach.blocking.convert import Converted, ConvertRequest, convert
from quetsach.blocking.folder import is_release, read_previous, write_folder
from quetsach.clocks import MICROSECONDS, iso_from_us
from quetsach.errors import QuetsachError
from quetsach.findings.folder import Findings, read_folder
from quetsach.findings.summary import exit_code
from quetsach.findings.withdrawn import Flagged, flag
from quetsach.indicators.allow import allow_lists, meetings, tagged
from quetsach.indicators.check import CheckReport, check
from quetsach.indicators.column_guess import ColumnGuess, guess_columns
from quetsach.indicators.column_map import read_column_maps
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
from quetsach.letters.model import Indicators, KnownForm, Letter
from quetsach.papers.contract import Limits, Paper
from quetsach.pipeline.job import INSIDE, Options
from quetsach.run.key_files import KeyPair, needs_passphrase, read_signing_key, write_key_pair
from quetsach.run.sealing import Signing, sign_path
from quetsach.run.sweep import Engine, Progress, SweepRequest, sweep
from quetsach.run.trial import Trial, trial
from quetsach.run.units import Units, read_units, roots_of
from quetsach.run.verify import Verification, verify
from quetsach.run.why import Because, why
from quetsach.texts import _

if TYPE_CHECKING:
    from quetsach.documents.report import Written
    from quetsach.indicators.fetch.fetched import Fetched
    from quetsach.run.avreport import Exported, Reading

__all__ = [
    "Because",
    "CheckReport",
    "ColumnGuess",
    "ConvertRequest",
    "Converted",
    "Decision",
    "Diff",
    "Findings",
    "Flagged",
    "KeyPair",
    "Published",
    "Shelf",
    "Signing",
    "SweepRequest",
    "Titles",
    "Trial",
    "Verdict",
    "Verification",
    "check_indicators",
    "convert_indicators",
    "decide_indicators",
    "diff_indicators",
    "exit_code",
    "export_avreport",
    "fetch_indicators",
    "guess_columns",
    "needs_passphrase",
    "new_key",
    "read_avreport",
    "read_folder",
    "read_letter",
    "release_indicators",
    "report",
    "sheet",
    "sign",
    "sweep",
    "sweep_request",
    "try_indicators",
    "verify",
    "why",
    "withdrawn_sightings",
]

HERE = "Asia/Ho_Chi_Minh"
"""The zone in which a moment is written where nobody names another; a PC's own may be wrong."""

MOST_PLACES = 50
"""How many places of indicators a letter names; their list has all."""


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
    columns: Sequence[Path] = (),
    sign: Path | None = None,
    passphrase: bytes | None = None,
) -> SweepRequest:
    """Return what to sweep, with lists read and every value checked.

    Shapes: `columns` are saved column maps, or folders of them.
    Errors: E202 for a list that cannot be read; E218 for a column map; E230, E231 for the private
    key `sign`; E601 for a wrong value.
    """
    key = None if sign is None else read_signing_key(sign, passphrase)
    own = tuple(_network(one) for one in inside)
    options = Options(
        zone=_zone(zone).key,
        inside=tuple(str(one) for one in own) or INSIDE,
        accept_private=accept_private,
        since_us=_moment("--since", since, zone),
        until_us=_moment("--until", until, zone),
    )
    maps = read_column_maps(columns)
    indicators = read_lists(
        lists,
        ListOptions(accept_private=accept_private, own=own, zone=_zone(zone), column_maps=maps),
    )
    indicators, _dropped = decided(indicators, _decisions(decisions))
    if allow:
        indicators = tagged(indicators, allow_lists(allow, usual=False))
    target = out if out is not None else _free_folder()
    return SweepRequest(tuple(evidence), indicators, target, options, engine, workers, key)


def check_indicators(
    lists: Sequence[Path],
    *,
    allow: Sequence[str | Path] = (),
    decisions: Path | None = None,
    inside: Sequence[str] = (),
    accept_private: bool = False,
    columns: Sequence[Path] = (),
) -> CheckReport:
    """Return what there is to know of lists before they are used.

    MISP's warning lists are looked in beside those of `allow`, unless it has "none".
    Errors: E202 for a list that cannot be read; E218 for a column map; E226 for the
    decisions; E601 for a wrong value.
    """
    own = tuple(_network(one) for one in inside)
    maps = read_column_maps(columns)
    indicators = read_lists(
        lists, ListOptions(accept_private=accept_private, own=own, column_maps=maps)
    )
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
    columns: Sequence[Path] = (),
) -> Published:
    """Write the next release of the lists and return where it is and what it changes.

    Errors: E202 for a list; E218 for a column map; E220 to E227 where it is not sound, and
    nothing is written then.
    """
    own = tuple(_network(one) for one in inside)
    maps = read_column_maps(columns)
    options = ListOptions(
        accept_private=accept_private, own=own, zone=_zone(zone), column_maps=maps
    )
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


def convert_indicators(
    lists: Sequence[Path],
    request: ConvertRequest,
    *,
    allow: Sequence[Path] = (),
    decisions: Path | None = None,
    columns: Sequence[Path] = (),
    inside: Sequence[str] = (),
    belt: Sequence[Path] = (),
    previous: Path | None = None,
    out: Path | None = None,
) -> tuple[Converted, IndicatorSet]:
    """Return the files of one form, made from lists, and the set they were made from.

    With `out` they are written into that folder; a release of ours that stands there is the
    previous one unless another is named. Errors: E202 for a list, E218 for a column map, E226 for
    the decisions, E240 to E249, E601 for a wrong value.
    """
    own = tuple(_network(one) for one in inside)
    maps = read_column_maps(columns)
    indicators = read_lists(
        lists, ListOptions(accept_private=request.accept_private, own=own, column_maps=maps)
    )
    indicators, _dropped = decided(indicators, _decisions(decisions))
    if allow:
        indicators = tagged(indicators, allow_lists(allow, usual=False))
    if previous is None and out is not None and is_release(out):
        previous = out
    whole = replace(
        request,
        belt=tuple((str(path), _belt_text(path)) for path in belt),
        previous=None if previous is None else read_previous(previous),
    )
    converted = convert(indicators, whole)
    if out is not None:
        write_folder(out, converted.folder())
    return converted, indicators


def _belt_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = str(getattr(error, "strerror", None) or "UTF-8")
        raise QuetsachError("E242", str(path), reason=reason) from error


def fetch_indicators(
    address: str,
    target: Path,
    *,
    interface: str = "taxii",
    user: str = "",
    password: str = "",
    token: str = "",
    added_after: str | None = None,
    ca_file: Path | None = None,
) -> "Fetched":
    """Write the list of a TAXII ("taxii") or MISP ("misp", "misp-feed") server to `target`.

    Nothing is written when nothing is new. The host of `address` is asked, and no other.
    Errors: E213 to E216 for the server; E406 for the file; E601 for a wrong value.
    """
    # Imported where it is used: nothing but this needs the network.
    from quetsach.indicators.fetch.connection import Credentials
    from quetsach.indicators.fetch.fetch import FetchOptions, Interface, fetch_list

    options = FetchOptions(
        interface=Interface(interface),
        credentials=Credentials(user, password, token),
        added_after=added_after,
        ca_file=ca_file,
    )
    return fetch_list(address, target, options)


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


def new_key(
    name: str, folder: Path, *, owner: str = "", passphrase: bytes | None = None
) -> KeyPair:
    """Make a pair of keys in `folder` and return where it lies.

    Errors: E230 for the name; E232 when one of the files is there already; E237.
    """
    return write_key_pair(name, folder, owner=owner, passphrase=passphrase)


def sign(
    path: Path, *, key: Path, passphrase: bytes | None = None, when: datetime | None = None
) -> Signing:
    """Sign a release, findings or any file with the private key at `key`; `when` is aware.

    Errors: E230 to E235, E237.
    """
    moment = datetime.now(ZoneInfo(HERE)) if when is None else when
    return sign_path(path, read_signing_key(key, passphrase), moment)


def sheet(path: Path, *, out: Path | None = None, key_id: str | None = None) -> Path:
    """Write the one-page sheet of what is signed at `path` as PDF, and return where it is.

    Errors: E235 when it was changed; E238 when it is not signed; E405, E406 for the PDF.
    """
    from quetsach.run.sheet import write_sheet

    return write_sheet(path, out=out, key_id=key_id)


def export_avreport(
    folder: Path,
    out: Path,
    *,
    organ: Path,
    key: Path | None = None,
    cert: Path | None = None,
    passphrase: bytes | None = None,
    subject: str | None = None,
) -> "Exported":
    """Write the findings in `folder` as an edXML AVReport, signed where a key is given.

    Errors: E303, E305, E441, E442, E444.
    """
    from quetsach.run.avreport import Pair, export

    pair = Pair(key, cert, passphrase) if key is not None and cert is not None else None
    return export(folder, out, organ=organ, pair=pair, subject=subject)


def read_avreport(
    path: Path, *, trust: Sequence[Path] = (), when: datetime | None = None
) -> "Reading":
    """Return the AVReport at `path` with the verdict on its signature, as of `when` (aware; now).

    Errors: E440, E443, E444.
    """
    from quetsach.run.avreport import read_file

    return read_file(path, trust=trust, when=when)


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
