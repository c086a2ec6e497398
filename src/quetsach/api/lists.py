"""The acts on lists of indicators: check, decide, release, compare."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from quetsach.api.trials import Trial, trial
from quetsach.atomic_files import write_whole as write_whole
from quetsach.blocklists.contract import Mode as Mode
from quetsach.blocklists.convert import ConvertedRelease as ConvertedRelease
from quetsach.blocklists.convert import ConvertRequest as ConvertRequest
from quetsach.blocklists.convert import convert
from quetsach.blocklists.folder import is_release, read_previous, write_folder
from quetsach.clocks import HERE as HERE
from quetsach.clocks import iso_from_us
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import read_folder
from quetsach.findings.withdrawn import FlaggedFindings, flag
from quetsach.hostnames import suffix_section as suffix_section
from quetsach.indicators.allow.classes import proposal
from quetsach.indicators.allow.doubtful import usual_matches
from quetsach.indicators.allow.lists import (
    allow_lists,
    find_allow_matches,
    tag_allow_classes,
    tag_matches,
)
from quetsach.indicators.check import CheckReport as CheckReport
from quetsach.indicators.check import check
from quetsach.indicators.column_guess import ColumnGuess as ColumnGuess
from quetsach.indicators.column_guess import guess_columns as guess_columns
from quetsach.indicators.compiled.compiling import compile_set
from quetsach.indicators.dates import iso_of, us_now, us_of
from quetsach.indicators.fetch.connection import Credentials, FetchedList
from quetsach.indicators.fetch.fetch import FetchOptions, ServerInterface, fetch_list
from quetsach.indicators.model import AllowDecision as AllowDecision
from quetsach.indicators.model import Decision as Decision
from quetsach.indicators.model import Indicator, IndicatorSet
from quetsach.indicators.options import ListOptions, read_column_maps
from quetsach.indicators.read import read_lists, read_raw
from quetsach.indicators.releases.decisions import (
    Decisions,
    append_decisions,
    apply_decisions,
    read_decisions,
)
from quetsach.indicators.releases.decisions import decision_lines as decision_lines
from quetsach.indicators.releases.lines import ReleaseEntry, sort_entries
from quetsach.indicators.releases.open_list import OpenList, open_list
from quetsach.indicators.releases.release import MARK, Release, read_release, release_bytes
from quetsach.indicators.releases.store import VERSIONS, open_release, publish, write_new
from quetsach.indicators.releases.store import PublishedRelease as PublishedRelease
from quetsach.indicators.releases.store import ReleaseTarget as ReleaseTarget
from quetsach.indicators.releases.updates import Diff as Diff
from quetsach.indicators.releases.updates import ReleaseTitles as ReleaseTitles
from quetsach.indicators.releases.updates import diff
from quetsach.indicators.values import ParsedValue, parse_value
from quetsach.scanning.job import moment_us, network_of, zone_of
from quetsach.sweeping.sweep import Progress, SweepRequest
from quetsach.sweeping.units import UnitResolver, read_units, roots_of

# Lists fetched from the servers of those who share them; nothing but this needs the network.


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
) -> FetchedList:
    """Write the list of a TAXII ("taxii") or MISP ("misp", "misp-feed") server to `target`.

    Nothing is written when nothing is new. The host of `address` is asked, and no other.
    Errors: E213 to E216 for the server; E406 for the file; E601 for a wrong value.
    """
    options = FetchOptions(
        interface=ServerInterface(interface),
        credentials=Credentials(user, password, token),
        added_after=added_after,
        ca_file=ca_file,
    )
    return fetch_list(address, target, options)


def decisions_in(path: Path | None) -> Decisions:
    """Return the decisions of the file that are in force now; none without a file."""
    return Decisions() if path is None else read_decisions(path, us_now())


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
    own = tuple(network_of(one) for one in inside)
    maps = read_column_maps(columns)
    indicators = read_lists(
        lists, ListOptions(accept_private=accept_private, own=own, column_maps=maps)
    )
    return check(indicators, allow_lists(allow, usual=True), decisions_in(decisions))


def take_in(lists: Sequence[Path], hosts: Sequence[str], out: Path) -> int:
    """Write what a sweep leaves aside of the lists to `out`, as a release; return the count.

    Shapes: a path without a host is taken in under each of `hosts`.
    Errors: E268 where there is nothing of that kind; E202 for a list; E225 for the file.
    """
    usual = read_lists(lists, ListOptions())
    known = {(one.kind, one.key) for one in usual.indicators}
    options = ListOptions(take_unmarked=True, path_hosts=tuple(hosts))
    every = read_lists(lists, options).indicators
    more = [one for one in every if (one.kind, one.key) not in known]
    if not more:
        raise QuetsachError("E268", ", ".join(map(str, lists)))
    entries = sort_entries(ReleaseEntry(one) for one in more)
    write_new(out, release_bytes(Release(created=iso_of(us_now()), entries=entries)))
    return len(more)


def compile_indicators(
    lists: Sequence[Path],
    out: Path,
    *,
    zone: str = HERE,
    inside: Sequence[str] = (),
    accept_private: bool = False,
    columns: Sequence[Path] = (),
) -> IndicatorSet:
    """Write the lists as one compiled file to `out` and return what is in it.

    Errors: E201 where no indicator is left; E202 for a list; E218 for a column map; E274 for the
    file; E601 for a wrong value.
    """
    own = tuple(network_of(one) for one in inside)
    options = ListOptions(
        accept_private=accept_private,
        own=own,
        zone=zone_of(zone),
        column_maps=read_column_maps(columns),
    )
    indicators = read_lists(lists, options)
    if not indicators.indicators:
        raise QuetsachError("E201", ", ".join(map(str, lists)))
    try:
        compile_set(out, indicators, options)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise QuetsachError("E274", str(out), reason=reason) from error
    return indicators


def release_indicators(
    lists: Sequence[Path],
    titles: ReleaseTitles,
    shelf: ReleaseTarget,
    *,
    allow: Sequence[str | Path] = (),
    decisions: Path | None = None,
    zone: str = "Asia/Ho_Chi_Minh",
    inside: Sequence[str] = (),
    accept_private: bool = False,
    columns: Sequence[Path] = (),
) -> PublishedRelease:
    """Write the next release of the lists and return where it is and what it changes.

    Errors: E202 for a list; E218 for a column map; E220 to E227 where it is not sound, and
    nothing is written then.
    """
    own = tuple(network_of(one) for one in inside)
    maps = read_column_maps(columns)
    options = ListOptions(
        accept_private=accept_private, own=own, zone=zone_of(zone), column_maps=maps
    )
    moment_us("--created", titles.created, zone)
    return publish(
        read_lists(lists, options),
        titles,
        shelf,
        allow=allow_lists(allow, usual=False) if allow else None,
        decisions=decisions_in(decisions),
    )


def diff_indicators(before: str, after: str) -> Diff:
    """Return what changed between two releases, lists, or versions of a store (FOLDER@DIGEST).

    Errors: E202 for a list; E220, E224 for a release.
    """
    return diff(_entries(before), _entries(after))


def decide_indicators(
    keys: Sequence[str], verdict: AllowDecision, *, reason: str, until: str, by: str, file: Path
) -> list[Decision]:
    """Write a decision on each of `keys`, in any notation, to the file and return them.

    Each names the allow classes that it is about. Errors: E226 for the file; E601 for a key, an
    empty reason, or a date that is none or past.
    """
    if not reason.strip():
        raise QuetsachError("E601", "--reason", reason=reason)
    zone = "Asia/Ho_Chi_Minh"
    end = moment_us("--until", until if "T" in until else f"{until}T23:59:59", zone)
    now = us_now()
    if end is None or end < now:
        raise QuetsachError("E601", "--until", reason=until)
    values = [value for key in keys for value in _values(key)]
    made = IndicatorSet(tuple(Indicator(*one[:5]) for one in values))
    met = find_allow_matches(made, allow_lists((), usual=True))
    decisions = [
        Decision(
            key=one.key,
            verdict=verdict,
            reason=reason.strip(),
            until=iso_from_us(end, zone_of(zone)),
            decided=iso_from_us(now, zone_of(zone)),
            by=by,
            classes=tuple(sorted({on.of_class for on in met.get((one.key, one.kind), ())})),
        )
        for one in values
    ]
    append_decisions(file, decisions)
    return decisions


def _values(key: str) -> Sequence[ParsedValue]:
    found = parse_value(key, ListOptions(accept_private=True)).values
    if not found:
        raise QuetsachError("E601", "KEY", reason=key)
    return found


def _entries(text: str) -> Sequence[ReleaseEntry]:
    path = Path(text)
    is_release = path.is_file() and read_raw(path).startswith(MARK)
    is_store = path.is_dir() and (path / VERSIONS).is_file()
    if is_release or is_store or ("@" in text and not path.exists()):
        return open_release(text)[1].entries
    found = read_lists([path], ListOptions(accept_private=True))
    return [ReleaseEntry(one) for one in found.indicators]


def convert_indicators(
    lists: Sequence[Path],
    request: ConvertRequest,
    *,
    allow: Sequence[str | Path] = (),
    decisions: Path | None = None,
    columns: Sequence[Path] = (),
    inside: Sequence[str] = (),
    never_block: Sequence[Path] = (),
    previous: Path | None = None,
    out: Path | None = None,
) -> tuple[ConvertedRelease, IndicatorSet]:
    """Return the files of one form, made from lists, and the set they were made from.

    In a file that blocks, what `check` proposes to drop is left out unless `allow` has "none" or a
    person decided otherwise. With `out` they are written into that folder; a release of ours that
    stands there is the previous one unless another is named. Errors: E202 for a list, E218 for a
    column map, E226 for the decisions, E240 to E249, E601 for a wrong value.
    """
    own = tuple(network_of(one) for one in inside)
    maps = read_column_maps(columns)
    indicators = read_lists(
        lists, ListOptions(accept_private=request.accept_private, own=own, column_maps=maps)
    )
    indicators, _dropped = apply_decisions(indicators, decisions_in(decisions))
    if allow:
        indicators = tag_allow_classes(indicators, allow_lists(allow, usual=False))
    if request.mode is Mode.BLOCK and "none" not in map(str, allow):
        indicators = _without_services(indicators)
    if previous is None and out is not None and is_release(out):
        previous = out
    whole = replace(
        request,
        never_block=tuple((str(path), _text_of(path)) for path in never_block),
        previous=None if previous is None else read_previous(previous),
    )
    converted = convert(indicators, whole)
    if out is not None:
        write_folder(out, converted.folder())
    return converted, indicators


def convert_each(
    lists: Sequence[Path], requests: Sequence[ConvertRequest], *, decisions: Path | None = None
) -> list[ConvertedRelease]:
    """Return what `convert_indicators` makes for each of `requests`, in their order.

    The lists are read once, and what blocks is held against everybody's services once.
    Errors: E202 for a list, E226 for the decisions, E240 to E249.
    """
    judged: dict[tuple[bool, bool], IndicatorSet] = {}

    def set_for(*, private: bool, blocks: bool) -> IndicatorSet:
        key = private, blocks
        if key not in judged and blocks:
            judged[key] = _without_services(set_for(private=private, blocks=False))
        elif key not in judged:
            read = read_lists(lists, ListOptions(accept_private=private))
            judged[key], _dropped = apply_decisions(read, decisions_in(decisions))
        return judged[key]

    return [
        convert(set_for(private=request.accept_private, blocks=request.mode is Mode.BLOCK), request)
        for request in requests
    ]


def _without_services(indicators: IndicatorSet) -> IndicatorSet:
    """Return the set, everybody's services in it tagged: what `check` proposes not to block."""
    met = usual_matches(indicators)
    doubtful = {
        (one.key, one.kind): on
        for one in indicators.indicators
        if (on := met.get((one.key, one.kind))) and proposal(one, on) is not AllowDecision.KEEP
    }
    return tag_matches(indicators, doubtful)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = str(getattr(error, "strerror", None) or "UTF-8")
        raise QuetsachError("E242", str(path), reason=reason) from error


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
        UnitResolver(table, roots_of(request.evidence)),
        met=find_allow_matches(request.indicators, allow_lists(allow, usual=True)),
        previous=before,
        progress=progress,
    )


def withdrawn_sightings(folders: Sequence[Path], release: str) -> list[FlaggedFindings]:
    """Return what in past findings rests on indicators that the release took back.

    Errors: E303, E305 for a folder; E220, E224 for the release.
    """
    entries = open_release(release)[1].entries
    return [flag(read_folder(folder), entries) for folder in folders]


NOTHING_OPEN = open_list(IndicatorSet(()), 0, made_us=0)
"""Of a campaign that has no list yet."""


def open_indicators(
    path: Path, *, decisions: Path | None = None, unmarked: bool = False
) -> OpenList:
    """Return what may be shown to everybody now of the release in the file `path`.

    `unmarked` tells that what has no level may be public, by its owner's decision.
    Errors: E220 where it is none; E226 for the decisions; E237 for the disk.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise QuetsachError("E237", str(path), reason=error.strerror or str(error)) from error
    release = read_release(raw, path.name)
    kept, _dropped = apply_decisions(release.indicator_set, decisions_in(decisions))
    made_us = us_of(release.created) or 0
    return open_list(kept, us_now(), made_us=made_us, title=release.title, unmarked=unmarked)
