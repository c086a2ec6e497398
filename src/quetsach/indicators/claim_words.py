"""What the cells of a table say of an indicator: marking, confidence, status, malware and dates."""

import re
from collections.abc import Mapping

from quetsach.clocks import Zone
from quetsach.indicators.dates import date_us
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.model import NO_CLAIM, Claim, IndicatorClass, IndicatorStatus, Tlp
from quetsach.indicators.vocabulary import TLP_WORDS, class_of

HEADINGS = {
    "class": re.compile(r"(indicator )?class|threat type"),
    "status": re.compile(r"(ioc |indicator )?status|state|trạng thái|tình trạng"),
    "confidence": re.compile(
        r"(ioc |indicator )?confidence( level| score| %)?|(độ|mức)( độ)? tin cậy( %)?"
    ),
    "tlp": re.compile(
        r"(ioc |indicator )?tlp( ?2(\.0)?)?( marking| level| colou?r)?|traffic light protocol"
        r"|(mức|mức độ|phạm vi) chia sẻ( tlp)?|phạm vi phổ biến"
    ),
    "last_seen": re.compile(
        r"(date )?last[ _]?(seen|online|active|activity|sighting|reported)( utc| date| at)?"
        r"|(ngày |thời gian )?(thấy |ghi nhận |hoạt động )?(lần )?(cuối( cùng)?|gần nhất)"
        r"( thấy| ghi nhận| hoạt động)?"
    ),
}
"""Headings of these columns, as `plain_heading` writes them."""

_STATUS_WORDS: Mapping[str, IndicatorStatus] = {
    **dict.fromkeys(
        ("expired", "outdated", "hết hạn", "hết hiệu lực", "đã hết hạn", "đã hết hiệu lực"),
        IndicatorStatus.EXPIRED,
    ),
    **dict.fromkeys(
        ("withdrawn", "revoked", "thu hồi", "đã thu hồi", "rút", "đã rút"),
        IndicatorStatus.WITHDRAWN,
    ),
    **dict.fromkeys(
        ("replaced", "superseded", "thay thế", "đã thay thế"), IndicatorStatus.REPLACED
    ),
}
_COLOURS: Mapping[str, Tlp] = {
    **TLP_WORDS,
    "amber strict": Tlp.AMBER_STRICT,
    "trắng": Tlp.CLEAR,
    "xanh": Tlp.GREEN,
    "xanh lá": Tlp.GREEN,
    "xanh lá cây": Tlp.GREEN,
    "xanh lục": Tlp.GREEN,
    "vàng": Tlp.AMBER,
    "hổ phách": Tlp.AMBER,
    "đỏ": Tlp.RED,
}
# Source: OASIS, STIX 2.1, appendix A, the scale "None / Low / Med / High".
_CONFIDENCE_WORDS: Mapping[str, int] = {
    **dict.fromkeys(("high", "cao"), 85),
    **dict.fromkeys(("med", "medium", "trung bình"), 50),
    **dict.fromkeys(("low", "thấp"), 15),
}
_PERCENT = re.compile(r"(\d{1,3})(?:[.,]0+)?\s?%?", re.ASCII)
_SHARE = re.compile(r"[01][.,]\d{1,4}", re.ASCII)
_TLP_PREFIX = re.compile(r"tlp[\s:.\-_]*(?:2(?:\.0)?[\s:]+)?")
_NOTHING = frozenset(("", "-", "none", "null", "n/a", "không", "không có"))


def tlp_in(cell: str) -> Tlp | None:
    """Return the level that a cell of a column of markings names; None where it is empty.

    A marking that cannot be read forbids something: it counts as TLP:AMBER+STRICT.
    """
    word = " ".join(cell.lower().split())
    if word in _NOTHING:
        return None
    bare = _TLP_PREFIX.sub("", word, count=1).strip(" :[]()*")
    return _COLOURS.get(re.sub(r"\s*([+-])\s*", r"\1", bare), Tlp.AMBER_STRICT)


def confidence_in(cell: str) -> int | None:
    """Return the confidence that a cell states, 0 to 100: a number, a share, or a word."""
    word = cell.strip().lower()
    share = _SHARE.fullmatch(word)
    if share is not None and float(word.replace(",", ".")) <= 1:
        return round(float(word.replace(",", ".")) * 100)
    percent = _PERCENT.fullmatch(word)
    if percent is not None:
        return int(percent[1]) if int(percent[1]) <= 100 else None
    return _CONFIDENCE_WORDS.get(word)


def status_in(cell: str) -> IndicatorStatus:
    """Return the status that a cell names; what is no word for an end counts as active."""
    return _STATUS_WORDS.get(" ".join(cell.lower().split()), IndicatorStatus.ACTIVE)


def class_in(cell: str) -> IndicatorClass:
    """Return the class that a cell names, by our own words or those of others."""
    word = cell.strip().lower()
    ours = next((of_class for of_class in IndicatorClass if of_class == word), None)
    return class_of([word]) if ours is None else ours


def claim_in(cells: Mapping[str, str], zone: Zone) -> Claim:
    """Return what the cells of a row say, by the names of the columns.

    Shapes: `cells` may hold family, label, class, status, confidence, tlp, valid_from, valid_until
    and last_seen. `zone` applies to dates without one.
    """
    claim = Claim(
        of_class=class_in(cells.get("class", "")),
        family=cells.get("family", "")[:LONGEST_LABEL],
        label=cells.get("label", "")[:LONGEST_LABEL],
        confidence=confidence_in(cells.get("confidence", "")),
        tlp=tlp_in(cells.get("tlp", "")),
        status=status_in(cells.get("status", "")),
        valid_from_us=date_us(cells.get("valid_from", ""), zone, at_end=False),
        valid_until_us=date_us(cells.get("valid_until", ""), zone, at_end=True),
        last_seen_us=date_us(cells.get("last_seen", ""), zone, at_end=True),
    )
    return NO_CLAIM if claim == NO_CLAIM else claim
