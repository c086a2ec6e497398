"""Times and zones in prose: "từ 08 giờ 15 phút đến 08 giờ 20 phút ngày 01/9/2026"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

_DAY = re.compile(
    r"(?<![\w.])(?:(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})\s?[-/.]\s?(?P<m2>\d{1,2})\s?[-/.]\s?(?P<y2>\d{4})"
    r"|(?P<d3>\d{1,2}) ?thang ?(?P<m3>\d{1,2}) ?nam ?(?P<y3>\d{4}))(?![\d]|\.\d)",
    re.ASCII,
)
_CLOCK = re.compile(
    r"(?<![\w.:/+])(?P<h>\d{1,2})\s?(?::|h|gio)\s?(?P<min>\d{2})(?!\d)\s?(?:'|phut|ph(?![a-z])|p(?![a-z]|\.m))?"
    r"(?:\s?:?\s?(?P<s>\d{2})(?![\d/:])\s?(?:\"|''|giay|s(?![a-z]))?(?:[.,]\d{1,9})?)?"
    # "8 giờ l5 phút" is none: a machine read 15 wrongly.
    r"|(?<![\w.:/+])(?P<whole>\d{1,2})\s?(?:gio|h)(?![a-z0-9])(?!\s?\w{1,3}\s?(?:phut|ph?(?!\w)|'))",
    re.ASCII,
)
# A machine reads 15 as l5 or 1S, and the rest of such a time is another one.
_DAMAGED_TIME = re.compile(
    r"(?<![\w:.])t?(?=[\d:]*[oilsbz])[\doilsbz]{1,2}:[\doilsbz]{2}(?::[\doilsbz]{2})?(?!\w)"
    r"|(?<!\w)(?:[oilsbz]\d?|\d[oilsbz]) ?(?:gio|h)(?![a-z])"
    r"|(?:gio|h) ?(?:[oilsbz]\d|\d[oilsbz]) ?(?:phut|ph?(?!\w)|')"
    r"|(?<![\w.])(?=[\d/.-]*[oilsbz])[\doilsbz]{1,2}[-/.][\doilsbz]{1,2}[-/.][\doilsbz]{4}(?!\w)"
)
# Behind a clock an offset needs no "UTC": 08:15:22 +0700, 08:15:22+07, 08:15:22Z.
_BARE = re.compile(
    r"(?<![\d:/])\d{1,2}:\d\d(?P<second>:\d\d(?:\.\d{1,9})?)?(?P<space> ?)"
    r"(?P<bare>z(?![a-z0-9])|[+-]\d\d:?\d\d(?![\w:])|\+\d\d?(?![\w:./-]))"
)
_OFFSET = re.compile(
    r"(?:gio (?:phoi hop )?quoc te[ (,:-]{1,3})?(?<![a-z])(?P<name>utc|gmt)(?![a-z/])"
    r"(?:(?P<gap>[ :(]{0,3})(?P<sign>[+-])(?P<behind> ?)(?P<hours>\d{1,2})"
    r"(?::?(?P<minutes>\d{2}))?(?!\d)|(?P<unsigned>[ :(]{0,2}\d{1,2}(?![\dh:/.-]| ?gio)))?"
    r"|(?P<here>gio (?:viet nam|vn|ha noi|sai gon|dong duong|tp\.? ?ho chi minh)(?![a-z])"
    r"|(?<![a-z])asia/(?:ho_chi_minh|saigon|bangkok)|indochina time)"
    r"|mui gio (?:so |thu )?(?P<number>[+]? ?0?7)(?!\d)"
    r"|(?P<other>gio (?:nhat ban|han quoc|trung quoc|bac kinh|dai loan|singapore|thai lan|my"
    r"|dia phuong|(?:phoi hop )?quoc te)(?![a-z])"
    r"|(?<![a-z])(?:asia|europe|america|australia|etc)/[a-z_+-]+"
    # Behind a time or the word for it: ICT is a trade as well.
    r"|(?:(?<=[\d),] )|(?<=[\d)])|(?<=\d \()|(?<=\d\()|(?<=gio )|(?<=gio \()|(?<=gian \()"
    r"|(?<=hut )|(?<=iay ))"
    r"(?P<short>[ecmp][sd]t|[jkiph]st|ces?t|bst|msk|sgt|hkt|myt|pht|ict|wib|wita|wit)(?![a-z]))"
)
# Of these the letters stand for one zone alone, where they stand for a zone at all.
# Source: the tz database, Asia/Jakarta and Asia/Bangkok.
_SURE_NAMES = {"wib": "+07:00", "ict": "+07:00"}
_OF_A_CLOCK = re.compile(r"(?::\d\d|gio|gian|phut|giay) ?\(?\Z")
_LOCAL = "gio dia phuong"
UNKNOWN_ZONE = "?"
# Without its accents "tối", the evening, is "tới", until.
_HALF_BEHIND = re.compile(
    r"\s?[,(]?\s?(?:buoi )?(?:chieu|trua|dem|toi(?! ?(?:\d|luc|khoang)))(?![a-z])"
)
_MORNING_BEHIND = re.compile(r"\s?[,(]?\s?(?:buoi )?sang(?![a-z])")
# As clocks in Vietnamese and English write it: 8:15:10 CH, 8:15 PM.
_SIGN_BEHIND = re.compile(r"\s?\(?(?:(?P<before_noon>sa|am|a\.m)|ch|pm|p\.m)(?![a-z])")
_SIGN_BEFORE = re.compile(r"(?<![a-z])(?:sa|ch|am|pm) ?\Z")
_HALF_BEFORE = re.compile(
    r"\b(?:chieu|trua|dem|buoi toi|toi(?= (?:ngay|hom)))(?: (?:ngay|hom) ?[\d/. -]{1,12})?"
    r"[,:]?(?: vao)?(?: luc)? ?\Z"
)
_ENGLISH_SIGN = re.compile(r"\d\s?(?:am|pm|a\.m|p\.m)(?![a-z])")
_WORD = re.compile(r"[a-z]+")
_BETWEEN = frozenset(
    (
        *("den", "toi", "luc", "hoi", "vao", "khoang", "het", "cung", "cua"),
        *("ngay", "thang", "nam", "hom", "gio", "h", "phut", "ph", "p", "giay", "s"),
        *("sa", "ch", "am", "pm", "a", "m", "sang", "chieu", "trua", "dem"),
    )
)
"""Words that may stand between both ends of a period."""
_TO = re.compile(r"\bden\b|\btoi\b|(?<=\s)-(?=\s)|(?<=[\d'])-(?=\d)")


@dataclass(frozen=True)
class ProseTime:
    """A moment, or both ends of a period, by the clock of an untold zone.

    Shapes: `digits` is "day", "minute" or "second"; `last` is None for a moment.
    """

    first: datetime
    last: datetime | None
    digits: str


@dataclass(frozen=True)
class StatedZone:
    """A zone as a text states it: its offset, or UNKNOWN_ZONE, and where its words stand."""

    offset: str
    start: int
    end: int


def stated_zones(folded: str) -> tuple[StatedZone, ...]:
    """Return the zones that a text without accents states, in no order.

    A zone that is named and not known here, a name that several zones have, and an offset that none
    has, is UNKNOWN_ZONE.
    """
    behind_clocks = [
        StatedZone(_bare_offset(stated), *stated.span("bare"))
        for stated in _BARE.finditer(folded)
        if not _may_be_a_period(stated)
    ]
    named = [StatedZone(_offset(stated), *stated.span()) for stated in _OFFSET.finditer(folded)]
    zones = (*behind_clocks, *named)
    # "Giờ địa phương (UTC+7)" says of which place; alone it does not.
    local = {zone for zone in zones if folded[zone.start : zone.end] == _LOCAL}
    return tuple(zone for zone in zones if zone not in local or len(local) == len(zones))


def zones_in(folded: str) -> tuple[str, ...]:
    """Return the offsets that a text without accents states, each once: "+07:00"."""
    return tuple(dict.fromkeys(zone.offset for zone in stated_zones(folded)))


def _may_be_a_period(stated: "re.Match[str]") -> bool:
    """Return whether "08:15-09:00" may lead from one clock to another."""
    has_colon = stated["bare"][0] == "-" and ":" in stated["bare"]
    return has_colon and not stated["second"] and not _is_iso(stated)


def _is_iso(stated: "re.Match[str]") -> bool:
    return stated.string[: stated.start()].endswith("t") and not stated["space"]


def _bare_offset(stated: "re.Match[str]") -> str:
    bare = stated["bare"]
    # 08:15:10-09:00 may be a slip for a period.
    is_doubtful = bare[0] == "-" and ":" in bare and not _is_iso(stated)
    return "+00:00" if bare == "z" else UNKNOWN_ZONE if is_doubtful else _bounded(bare)


def _bounded(offset: str) -> str:
    """Return "+07:00" of an offset in figures; one that no zone of the world has is unknown."""
    figures = re.sub(r"\D", "", offset)
    hours, minutes = figures[:2].zfill(2), figures[2:] or "00"
    is_one = hours <= "14" and minutes in ("00", "30", "45")
    return f"{offset[0]}{hours}:{minutes}" if is_one else UNKNOWN_ZONE


def _offset(stated: "re.Match[str]") -> str:
    if stated["here"] or stated["number"]:
        return "+07:00"
    if stated["other"]:
        is_sure = _OF_A_CLOCK.search(stated.string, max(0, stated.start() - 8), stated.start())
        sure = _SURE_NAMES.get(stated["short"] or "", UNKNOWN_ZONE)
        return sure if is_sure else UNKNOWN_ZONE
    if stated["unsigned"]:
        return UNKNOWN_ZONE
    if not stated["sign"]:
        return "+00:00"
    # "08:15 UTC - 09:00" leads to another clock.
    if stated["gap"].endswith(" ") and stated["behind"] and stated["minutes"]:
        return UNKNOWN_ZONE
    return _bounded(f"{stated['sign']}{int(stated['hours']):02}{stated['minutes'] or '00'}")


def day_in(folded: str) -> bool:
    """Return whether a text without accents names a day or a time of day."""
    return bool(_DAY.search(folded) or _CLOCK.search(folded))


def time_in(folded: str) -> ProseTime | None:
    """Return the one moment or period that a text without accents writes, None where unclear."""
    text = re.sub(r"(?<=\d)t(?=\d\d:)", " ", _without_zones(folded))
    if _DAMAGED_TIME.search(text):
        return None
    days = list(_DAY.finditer(text))
    spans = [day.span() for day in days]
    clocks = [
        clock
        for clock in _CLOCK.finditer(text)
        if not any(start <= clock.start() < end for start, end in spans)
    ]
    if not 1 <= len(days) <= 2 or len(clocks) not in (0, len(days), 2):
        return None
    hours = _hours(text, clocks)
    if hours is None:
        return None
    if _ENGLISH_SIGN.search(text) and _may_be_american(text, days):
        return None
    if max(len(days), len(clocks)) == 2 and not _joined(text, days, clocks):
        return None
    moments = _moments(days, clocks, hours)
    if not moments or (len(moments) == 2 and moments[1] < moments[0]):
        return None
    fine = all(clock["s"] for clock in clocks)
    digits = "day" if not clocks else "second" if fine else "minute"
    return ProseTime(moments[0], moments[1] if len(moments) == 2 else None, digits)


def _without_zones(folded: str) -> str:
    """Return the text with blanks where it states a zone."""
    text = folded
    for zone in stated_zones(folded):
        text = text[: zone.start] + " " * (zone.end - zone.start) + text[zone.end :]
    return text


def _hours(text: str, clocks: "Sequence[re.Match[str]]") -> list[int] | None:
    """Return the hour of each clock from 0 to 23, None where one may be of either half of a day.

    "8 giờ tối" and "chiều ngày 01/9/2026 lúc 3 giờ" are asked about; 8:15 CH and 8:15 PM are 20:15.
    """
    hours, signs = [], []
    for clock in clocks:
        hour = int(clock["h"] or clock["whole"])
        before, behind = text[max(0, clock.start() - 60) : clock.start()], text[clock.end() :][:30]
        sign = _SIGN_BEHIND.match(behind)
        is_of_half = _HALF_BEFORE.search(before) or _HALF_BEHIND.match(behind)
        is_late_morning = hour >= 12 and _MORNING_BEHIND.match(behind)
        if (is_of_half and hour <= 12) or is_late_morning or _SIGN_BEFORE.search(before):
            return None
        if sign is not None:
            if not (1 <= hour <= 12 or (hour > 12 and not sign["before_noon"])):
                return None
            hour = hour % 12 + (0 if sign["before_noon"] else 12)
        hours.append(hour)
        signs.append(sign is not None)
    # "8:15 - 9:15 CH": nobody says of which half the first is.
    is_mixed = any(signs) and not all(signs)
    return None if is_mixed else hours


def _joined(text: str, days: "Sequence[re.Match[str]]", clocks: "Sequence[re.Match[str]]") -> bool:
    """Return whether a word for "until" and no other stands between both times.

    Else they are a list: "lúc 08:15 truy cập đến máy chủ, lúc 09:20". Two days with two clocks are
    a period only where each clock stands at its day.
    """
    pair = clocks if len(clocks) == 2 else days
    start, end = pair[0].end(), pair[1].start()
    if not set(_WORD.findall(text, start, end)) <= _BETWEEN:
        return False
    if len(days) == len(clocks) == 2:
        order = sorted([*((day.start(), 0) for day in days), *((c.start(), 1) for c in clocks)])
        if [kind for _place, kind in order] not in ([0, 1, 0, 1], [1, 0, 1, 0]):
            return False
    return _TO.search(text, start - 1, end + 1) is not None


def _may_be_american(text: str, days: "Sequence[re.Match[str]]") -> bool:
    """Return whether 9/1/2026 8:15 AM may be of September: a program's time, without "ngày"."""
    return any(
        day["d2"] is not None
        and day["d2"].lstrip("0") != day["m2"].lstrip("0")
        and int(day["d2"]) <= 12
        and not text[: day.start()].rstrip().endswith("ngay")
        for day in days
    )


def _moments(
    days: "Sequence[re.Match[str]]", clocks: "Sequence[re.Match[str]]", hours: Sequence[int]
) -> tuple[datetime, ...]:
    count = max(len(days), len(clocks))
    try:
        return tuple(
            _moment(days[min(place, len(days) - 1)], clocks[place], hours[place])
            if clocks
            else _moment(days[min(place, len(days) - 1)], None, 0)
            for place in range(count)
        )
    except ValueError:
        # The 31st of a month that has none, 25 o'clock.
        return ()


def _moment(day: "re.Match[str]", clock: "re.Match[str] | None", hour: int) -> datetime:
    year, month, number = (
        int(day[iso] or day[figures] or day[words])
        for iso, figures, words in (("y", "y2", "y3"), ("m", "m2", "m3"), ("d", "d2", "d3"))
    )
    if clock is None:
        return datetime(year, month, number)
    return datetime(year, month, number, hour, int(clock["min"] or 0), int(clock["s"] or 0))
