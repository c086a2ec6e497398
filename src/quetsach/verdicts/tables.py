"""Tables that people keep beside the logs: which machine was handled, what a scan said."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from quetsach.clocks import within
from quetsach.decoding import decode
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.findings.steps import local_day
from quetsach.indicators.dates import date_us
from quetsach.indicators.options import plain_heading
from quetsach.texts import _
from quetsach.verdicts.model import HandlingRecord, SideSignal, Signal

MOST_ROWS = 1_000_000
LONGEST = 500
"""How much of a remark is kept, in characters."""

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "device": ("device", "machine", "computer", "thiết bị", "máy", "tên máy", "máy tính", "mã máy"),
    "time": (
        *("time", "when", "date", "day", "handled", "scanned", "thời gian", "thời điểm", "ngày"),
        *("ngày xử lý", "ngày quét", "ngày khai báo"),
    ),
    "what": (
        *("what", "action", "detail", "details", "remarks", "malware", "việc đã làm", "nội dung"),
        *("cách xử lý", "biện pháp", "chi tiết", "ghi chú", "mã độc"),
    ),
    "by": ("by", "desk", "team", "tool", "bộ phận", "đơn vị xử lý", "công cụ"),
    "result": ("result", "state", "kết quả", "tình trạng", "kết luận"),
    "signal": ("signal", "kind", "source", "nguồn", "loại"),
}

_CLEAN = frozenset({"clean", "sạch", "không có mã độc", "không phát hiện", "không nhiễm"})
_INFECTED = frozenset(
    {"infected", "malware found", "nhiễm", "bị nhiễm", "nhiễm mã độc", "có mã độc", "phát hiện"}
)
_SIGNALS = {
    **dict.fromkeys(("", "scan", "quét", "phần mềm diệt mã độc", "antivirus"), Signal.SCAN),
    **dict.fromkeys(("collection", "collect", "thu thập", "kiểm tra máy"), Signal.COLLECTION),
    **dict.fromkeys(("declared", "user", "khai báo", "người dùng", "tự khai"), Signal.DECLARED),
}


_Make = Callable[[Mapping[str, str], ZoneInfo], HandlingRecord | SideSignal | None]


@dataclass(frozen=True)
class DeviceTable:
    """Rows of a table by the device as it is written there, and the rows that were not read."""

    rows: tuple[tuple[int, str, HandlingRecord | SideSignal], ...]
    problems: tuple[Problem, ...]


def read_handlings(raw: bytes, where: str, zone: ZoneInfo) -> DeviceTable:
    """Return the handlings in a CSV with the columns device, time and, if it likes, what and by.

    A bare date is the end of its day: a contact of that day may be why the machine was handled.
    Errors: E310 for a file without these columns.
    """
    return _read(raw, where, zone, _handling)


def read_words(raw: bytes, where: str, zone: ZoneInfo) -> DeviceTable:
    """Return what scans, collections and people report: device, time, result, signal if given.

    A bare date is the end of its day, as it is for handlings.
    Errors: E310 for a file without these columns.
    """
    return _read(raw, where, zone, _word, needed=("device", "time", "result"))


def _read(
    raw: bytes,
    where: str,
    zone: ZoneInfo,
    make: _Make,
    *,
    needed: Sequence[str] = ("device", "time"),
) -> DeviceTable:
    rows: list[tuple[int, str, HandlingRecord | SideSignal]] = []
    problems: list[Problem] = []
    for number, cells in _cells(raw, where, needed):
        parsed = make(cells, zone) if cells["device"] else None
        if parsed is None:
            problems.append(Problem("E311", where, {"row": number}))
        else:
            rows.append((number, cells["device"], parsed))
    return DeviceTable(tuple(rows), tuple(problems))


def _cells(raw: bytes, where: str, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number of each row that is not blank, 1 = the headings, and its known cells."""
    text = decode(raw)
    if text is None:
        raise QuetsachError("E310", where, reason=_("it is not a text file"))
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        heads = [plain_heading(one) for one in next(rows, [])]
        places = {
            name: place
            for name, words in _HEADINGS.items()
            for place, head in reversed(list(enumerate(heads)))
            if head in words
        }
        missing = [name for name in needed if name not in places]
        if missing:
            reason = _("it has no column %(names)s") % {"names": ", ".join(missing)}
            raise QuetsachError("E310", where, reason=reason)
        for number, row in enumerate(rows, start=2):
            if number > MOST_ROWS:
                raise QuetsachError("E310", where, reason=_("it has far too many rows"))
            if any(one.strip() for one in row):
                yield (
                    number,
                    {
                        name: row[place].strip()[:LONGEST] if place < len(row) else ""
                        for name, place in (
                            (name, places.get(name, len(row))) for name in _HEADINGS
                        )
                    },
                )
    except csv.Error as error:
        raise QuetsachError("E310", where, reason=str(error)) from error


def _time(cells: Mapping[str, str], zone: ZoneInfo) -> tuple[int, str] | None:
    when = date_us(cells["time"], zone, at_end=True)
    if when is None or within(when) is None:
        return None
    return when, local_day(when, zone)


def _handling(cells: Mapping[str, str], zone: ZoneInfo) -> HandlingRecord | None:
    time = _time(cells, zone)
    return None if time is None else HandlingRecord(*time, cells["what"], cells["by"])


def _word(cells: Mapping[str, str], zone: ZoneInfo) -> SideSignal | None:
    time, result = _time(cells, zone), cells["result"].casefold()
    signal = _SIGNALS.get(cells["signal"].casefold())
    if time is None or signal is None or result not in _CLEAN | _INFECTED:
        return None
    return SideSignal(*time, signal, result in _CLEAN, cells["what"])
