"""Times and zones in prose: "từ 08 giờ 15 phút đến 08 giờ 20 phút ngày 01/9/2026"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

_DAY = re.compile(
    r"(?<![\d.])(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})\s?[-/.]\s?(?P<m2>\d{1,2})\s?[-/.]\s?(?P<y2>\d{4})"
    r"|(?P<d3>\d{1,2}) ?thang ?(?P<m3>\d{1,2}) ?nam ?(?P<y3>\d{4}))(?![\d]|\.\d)",
    re.ASCII,
)
_CLOCK = re.compile(
    r"(?<![\d.:/])(?P<h>\d{1,2})\s?(?::|h|gio)\s?(?P<min>\d{2})(?!\d)\s?(?:'|phut|ph|p(?![a-z]))?"
    r"(?:\s?:?\s?(?P<s>\d{2})(?![\d/:])\s?(?:\"|''|giay|s(?![a-z]))?(?:[.,]\d{1,9})?)?"
    r"|(?<![\d.:/])(?P<whole>\d{1,2})\s?(?:gio|h)(?![a-z0-9])",
    re.ASCII,
)
_ISO_END = re.compile(
    r"(?<=\d)[t ](?P<clock>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?P<bare>z|[+-]\d\d:\d\d)(?!\w)"
)
_OFFSET = re.compile(
    r"(?<![a-z])(?:utc|gmt)(?![a-z])"
    r"(?: ?(?P<sign>[+-]) ?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?)?"
    r"|gio (?P<here>viet nam|ha noi|dong duong)|mui gio (?:so )?(?P<number>[+]?7)(?!\d)"
    r"|(?P<other>gio (?:nhat ban|han quoc|trung quoc|bac kinh|dai loan|singapore|thai lan|quoc te)"
    r"|(?<![a-z])(?:[ecmp][sd]t|[jk]st|ces?t|msk|sgt|ict)(?![a-z]))"
)
UNKNOWN_ZONE = "?"
# Without its accents "tối", the evening, is "tới", until.
_HALF_BEHIND = re.compile(
    r"\s?[,(]?\s?(?:buoi )?(?:chieu|trua|dem|pm|p\.m|toi(?! ?(?:\d|luc|khoang)))(?![a-z])"
)
_HALF_BEFORE = re.compile(
    r"\b(?:chieu|trua|dem|buoi toi|toi(?= (?:ngay|hom)))(?: (?:ngay|hom) ?[\d/. -]{1,12})?"
    r"[,:]?(?: vao)?(?: luc)? ?\Z"
)
_TO = re.compile(r"\bden\b|\btoi\b|(?<=\s)-(?=\s)|(?<=[\d'])-(?=\d)")


@dataclass(frozen=True)
class ProseTime:
    """A moment, or both ends of a period, by the clock of an untold zone.

    Shapes: `digits` is "day", "minute" or "second"; `last` is None for a moment.
    """

    first: datetime
    last: datetime | None
    digits: str


def zones_in(folded: str) -> tuple[str, ...]:
    """Return the offsets that a text without accents states, each once: "+07:00".

    A zone that is named and not known here, and an offset that none has, is UNKNOWN_ZONE.
    """
    iso = [stated["bare"] for stated in _ISO_END.finditer(folded)]
    offsets = ["+00:00" if bare == "z" else _bounded(bare) for bare in iso]
    offsets += map(_offset, _OFFSET.finditer(folded))
    return tuple(dict.fromkeys(offsets))


def _bounded(offset: str) -> str:
    return offset if offset[1:3] <= "14" and offset[4:] <= "59" else UNKNOWN_ZONE


def _offset(stated: "re.Match[str]") -> str:
    if stated["here"] or stated["number"]:
        return "+07:00"
    if stated["other"]:
        return UNKNOWN_ZONE
    if not stated["sign"]:
        return "+00:00"
    return _bounded(f"{stated['sign']}{int(stated['hours']):02}:{stated['minutes'] or '00'}")


def day_in(folded: str) -> bool:
    """Return whether a text without accents names a day or a time of day."""
    return bool(_DAY.search(folded) or _CLOCK.search(folded))


def time_in(folded: str) -> ProseTime | None:
    """Return the one moment or period that a text without accents writes, None where unclear."""
    text = _OFFSET.sub(" ", _ISO_END.sub(r" \g<clock>", folded))
    text = re.sub(r"(?<=\d)t(?=\d\d:)", " ", text)
    days = list(_DAY.finditer(text))
    spans = [day.span() for day in days]
    clocks = [
        clock
        for clock in _CLOCK.finditer(text)
        if not any(start <= clock.start() < end for start, end in spans)
    ]
    if not 1 <= len(days) <= 2 or len(clocks) not in (0, len(days), 2):
        return None
    if any(_is_of_half_day(text, clock) for clock in clocks):
        return None
    if max(len(days), len(clocks)) == 2 and not _joined(text, days, clocks):
        return None
    moments = _moments(days, clocks)
    if not moments or (len(moments) == 2 and moments[1] < moments[0]):
        return None
    fine = all(clock["s"] for clock in clocks)
    digits = "day" if not clocks else "second" if fine else "minute"
    return ProseTime(moments[0], moments[1] if len(moments) == 2 else None, digits)


def _is_of_half_day(text: str, clock: "re.Match[str]") -> bool:
    """Return whether 8 o'clock may be 20 o'clock: "8 giờ tối", "chiều ngày 01/9/2026 lúc 3 giờ"."""
    if int(clock["h"] or clock["whole"]) > 12:
        return False
    before, behind = text[max(0, clock.start() - 60) : clock.start()], text[clock.end() :][:30]
    return bool(_HALF_BEFORE.search(before) or _HALF_BEHIND.match(behind))


def _joined(text: str, days: "Sequence[re.Match[str]]", clocks: "Sequence[re.Match[str]]") -> bool:
    """Return whether a word for "until" stands between both times: else they are a list."""
    pair = clocks if len(clocks) == 2 else days
    return _TO.search(text, pair[0].end() - 1, pair[1].start() + 1) is not None


def _moments(
    days: "Sequence[re.Match[str]]", clocks: "Sequence[re.Match[str]]"
) -> tuple[datetime, ...]:
    count = max(len(days), len(clocks))
    try:
        return tuple(
            _moment(days[min(place, len(days) - 1)], clocks[place] if clocks else None)
            for place in range(count)
        )
    except ValueError:
        # The 31st of a month that has none, 25 o'clock.
        return ()


def _moment(day: "re.Match[str]", clock: "re.Match[str] | None") -> datetime:
    year, month, number = (
        int(day[iso] or day[figures] or day[words])
        for iso, figures, words in (("y", "y2", "y3"), ("m", "m2", "m3"), ("d", "d2", "d3"))
    )
    if clock is None:
        return datetime(year, month, number)
    hour, minute = int(clock["h"] or clock["whole"]), int(clock["min"] or 0)
    return datetime(year, month, number, hour, minute, int(clock["s"] or 0))
