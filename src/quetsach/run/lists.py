"""The acts on lists of indicators: check, decide, release, compare."""

from collections.abc import Sequence
from pathlib import Path

from quetsach.clocks import iso_from_us
from quetsach.errors import QuetsachError
from quetsach.indicators.allow import allow_lists, meetings
from quetsach.indicators.check import CheckReport, check
from quetsach.indicators.column_map import read_column_maps
from quetsach.indicators.decision import Decision, Verdict
from quetsach.indicators.decisions import append_decisions
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
from quetsach.run.decisions import decisions_in
from quetsach.run.typed import moment_us, network_of, zone_of


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
    keys: Sequence[str], verdict: Verdict, *, reason: str, until: str, by: str, file: Path
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
    met = meetings(made, allow_lists((), usual=True))
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
