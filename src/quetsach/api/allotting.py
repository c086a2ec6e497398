"""Notices allotted: a file of an authority and a table of ranges in, who is asked out."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from quetsach.atomic_files import read_at_most, write_set
from quetsach.clocks import HERE, MICROSECONDS
from quetsach.decoding import decode
from quetsach.errors.exceptions import QuetsachError
from quetsach.notices.allotted_files import (
    AllottedItem,
    allot_notice,
    allotted_json,
    unit_files,
)
from quetsach.notices.formats.contract import NoticeOptions
from quetsach.notices.model import Notice as Notice
from quetsach.notices.model import NoticeFile
from quetsach.notices.model import RejectedItem as RejectedItem
from quetsach.notices.range_files import RefusedRow as RefusedRow
from quetsach.notices.range_files import networks_or_system as networks_or_system
from quetsach.notices.range_files import ranges_of as ranges_of
from quetsach.notices.range_files import read_prefixes as read_prefixes
from quetsach.notices.range_files import read_ranges as read_ranges
from quetsach.notices.ranges import NOT_OURS as NOT_OURS
from quetsach.notices.ranges import Allotment as Allotment
from quetsach.notices.ranges import AllotOutcome as AllotOutcome
from quetsach.notices.ranges import AllotReason as AllotReason
from quetsach.notices.ranges import Prefixes as Prefixes
from quetsach.notices.ranges import RangeTable as RangeTable
from quetsach.notices.ranges import UnitRange as UnitRange
from quetsach.notices.ranges import conflicts_of as conflicts_of
from quetsach.notices.ranges import days_of as days_of
from quetsach.notices.read import read_notice_files as read_notice_files
from quetsach.scanning.job import zone_of

MOST_BYTES = 64 * 1024 * 1024
"""No table of ranges or prefixes is read beyond this."""

ALLOTTED = "allotted.json"
MOST_NAMED = 5


def range_table(path: Path, prefixes: Sequence[tuple[date, Path]] = ()) -> RangeTable:
    """Return the table of ranges in the CSV `path`, with the announced prefixes of those days.

    Errors: E101, E104 for a file; E255 where it is no table of ranges; E256 with the rows that
    cannot be read, or that name the same addresses at the same time.
    """
    found = read_ranges(_text(path))
    if found is None:
        raise QuetsachError("E255", str(path))
    ranges, refused = found
    wrong = [f"{one.row} ({one.why})" for one in refused]
    for first, second in conflicts_of(ranges):
        wrong.append(f"{first.row} + {second.row} ({first}: {first.unit}, {second.unit})")
        if len(wrong) > MOST_NAMED:
            break
    if wrong:
        more = " …" if len(wrong) > MOST_NAMED else ""
        raise QuetsachError("E256", str(path), rows="; ".join(wrong[:MOST_NAMED]) + more)
    systems = [one.asn for one in ranges if one.asn is not None]
    announced = {day: read_prefixes(_text(one).splitlines(), systems) for day, one in prefixes}
    return RangeTable(ranges, announced)


def _text(path: Path) -> str:
    raw = read_at_most(path, MOST_BYTES)
    text = decode(raw) if len(raw) <= MOST_BYTES else None
    if text is None:
        raise QuetsachError("E255", str(path))
    return text


def allot_files(
    notices: Sequence[str], table: RangeTable, *, zone: str | None = None, out: Path | None = None
) -> dict[str, Any]:
    """Return who is asked about which notice, as `trace --ranges --json` prints it.

    Writes into `out`, where given, one file of notices a unit and the answer itself.
    Errors: E250 to E253 for the notices; E254 for the folder; E601 for the zone.
    """
    local = zone_of(HERE if zone is None else zone)
    files = read_notice_files(list(dict.fromkeys(notices)), NoticeOptions(local=local))
    items = [allot_notice(one, table, local) for file in files for one in _in_order(file)]
    answer = allotted_json(items)
    if out is not None:
        written = unit_files(items, local)
        answer["files"] = sorted(written)
        contents = [(out / name, content) for name, content in written.items()]
        write_set([*contents, (out / ALLOTTED, _encoded(answer))], "E254")
    return answer


def _encoded(answer: dict[str, Any]) -> bytes:
    from quetsach.texts import plain_json

    return (plain_json(answer) + "\n").encode()


def _in_order(file: NoticeFile) -> list[Notice | RejectedItem]:
    items: list[Notice | RejectedItem] = [*file.notices, *file.rejected]
    return sorted(items, key=lambda one: one.number)


def items_of_files(notices: Sequence[str], *, zone: str | None = None) -> list[AllottedItem]:
    """Return the items of the files with their days, allotted to nobody yet."""
    local = zone_of(HERE if zone is None else zone)
    files = read_notice_files(list(notices), NoticeOptions(local=local))
    table = RangeTable(())
    return [allot_notice(one, table, local) for file in files for one in _in_order(file)]


def moment_of(notice: Notice) -> datetime | None:
    """Return when the notice says it was, with UTC; None where it does not."""
    if notice.when_us is None:
        return None
    return datetime.fromtimestamp(notice.when_us // MICROSECONDS, tz=UTC)
