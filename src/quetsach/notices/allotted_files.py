"""One file of notices a unit, which `trace` reads as it read the authority's, and who got what."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from quetsach.clocks import MICROSECONDS, Zone
from quetsach.errors.catalogue import N_
from quetsach.notices.model import Notice, RejectedItem
from quetsach.notices.moments import VIETNAM
from quetsach.notices.output import reason_word
from quetsach.notices.ranges import Allotment, AllotOutcome, AllotReason, RangeTable, days_of
from quetsach.texts import _

_FIELDS = (
    *("time", "end", "address", "port", "transport", "remote_address", "remote_port"),
    *("remote_name", "family", "source", "reference", "count"),
)
_ENGLISH = (
    *("timestamp", "end", "ip", "port", "protocol", "dst_ip", "dst_port"),
    *("http_host", "infection", "feed", "report_id", "count"),
)
_VIETNAMESE = (
    *("Thời gian", "Thời gian kết thúc", "IP nguồn", "Cổng nguồn", "Giao thức", "IP đích"),
    *("Cổng đích", "Tên miền", "Mã độc", "Nguồn", "Mã cảnh báo", "Số lần"),
)
_SHAPES = {"day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M", "second": "%Y-%m-%d %H:%M:%S"}
_REASONS = {
    AllotReason.NO_RANGE: N_("no range holds the address on that day"),
    AllotReason.CHANGED_HANDS: N_(
        "its time can mean days on which the address was with different units"
    ),
}


@dataclass(frozen=True)
class AllottedItem:
    """One item of the authority, and to whom it goes."""

    notice: Notice | RejectedItem
    allotment: Allotment

    @property
    def why(self) -> str:
        """Why it goes to nobody, in words; "" where that needs none."""
        if isinstance(self.notice, RejectedItem):
            return reason_word(self.notice.reason)
        reason = self.allotment.reason
        return _(_REASONS[reason]) if reason in _REASONS else ""


def allot_notice(
    notice: Notice | RejectedItem, table: RangeTable, local: Zone = VIETNAM
) -> AllottedItem:
    """Return to whom the item goes."""
    if isinstance(notice, RejectedItem):
        return AllottedItem(notice, Allotment(AllotOutcome.REJECTED))
    return AllottedItem(notice, table.allot(notice.address, days_of(notice, local)))


def unit_files(items: Iterable[AllottedItem], local: Zone = VIETNAM) -> dict[str, bytes]:
    """Return the files of the units: name -> a CSV of notices, with the times as they were meant.

    A time whose zone was assumed is written without one, under headings of which the same zone is
    assumed; where a unit has both kinds, it gets a second file.
    """
    rows: dict[tuple[str, bool], list[Notice]] = {}
    for allotted in items:
        if isinstance(allotted.notice, Notice):
            is_local = allotted.notice.zone_assumed and allotted.notice.zone not in ("", "UTC")
            for unit in allotted.allotment.units:
                rows.setdefault((unit, is_local), []).append(allotted.notice)
    files: dict[str, bytes] = {}
    for (unit, is_local), notices in rows.items():
        heads = _VIETNAMESE if is_local else _ENGLISH
        zone = local if is_local else UTC
        stem = _stem(unit)
        name, number = f"{stem}.csv", 1
        while name in files:
            number += 1
            name = f"{stem}-{number}.csv"
        files[name] = _csv([heads, *(_cells(one, zone) for one in notices)])
    return files


def _stem(unit: str) -> str:
    """Return a file's name for a unit: no path, no device of Windows, whatever the table holds."""
    return "notices-" + (re.sub(r"[^\w-]+", "_", unit)[:80].strip("_") or "unit")


def _cells(notice: Notice, zone: tzinfo) -> list[str]:
    texts = {
        "time": _time(notice, notice.when_us, zone),
        "end": _time(notice, notice.end_us, zone),
        **{name: getattr(notice, name) for name in _FIELDS[2:]},
    }
    return ["" if texts[name] is None else str(texts[name]) for name in _FIELDS]


def _time(notice: Notice, when_us: int | None, zone: tzinfo) -> str:
    if when_us is None:
        return ""
    if notice.time_digits == "day" and not notice.zone_assumed:
        zone = _zone_of_midnight(when_us)
    when = datetime.fromtimestamp(when_us // MICROSECONDS, tz=UTC).astimezone(zone)
    written = when.strftime(_SHAPES.get(notice.time_digits, _SHAPES["second"]))
    if when_us % MICROSECONDS and notice.time_digits == "second":
        written += f".{when_us % MICROSECONDS:06}"
    return written if notice.zone_assumed else f"{written} {when:%z}"


def _zone_of_midnight(when_us: int) -> tzinfo:
    """Return the zone in which a day, written with its offset, began at that moment."""
    seconds = -(when_us // MICROSECONDS) % 86_400
    # Zones reach from 12 hours behind UTC to 14 before it.
    offset = timedelta(seconds=seconds if seconds <= 14 * 3600 else seconds - 86_400)
    return timezone(offset)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return ("\ufeff" + text.getvalue()).encode()


def allotted_json(items: Sequence[AllottedItem]) -> dict[str, Any]:
    """Return who got what: `items` (path, number, address, outcome, units, why) and `counts`.

    Each item has exactly one outcome; the counts add up to `items`.
    """
    rows = list(_rows(items))
    counts = {one.value: 0 for one in AllotOutcome}
    for row in rows:
        counts[row["outcome"]] += 1
    units: dict[str, int] = {}
    for row in rows:
        for unit in row["units"]:
            units[unit] = units.get(unit, 0) + 1
    return {"items": rows, "counts": {"items": len(rows), **counts}, "units": units}


def _rows(items: Iterable[AllottedItem]) -> Iterator[dict[str, Any]]:
    for allotted in items:
        notice = allotted.notice
        yield {
            "path": notice.path,
            "number": notice.number,
            "address": notice.address if isinstance(notice, Notice) else None,
            "outcome": allotted.allotment.outcome.value,
            "units": list(allotted.allotment.units),
            "why": allotted.why,
        }
