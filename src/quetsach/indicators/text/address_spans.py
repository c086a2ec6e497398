"""Spans of addresses as letters write them: `từ A đến B`, `203.0.113.4-7`, `203.0.113.x`.

A span becomes exactly its networks; where the words may tell of something else ("kết nối từ A đến
B"), a person is asked. Its two ends are never taken as if nothing lay between.
"""

import re
from collections.abc import Iterator

from quetsach.addresses import parse_address
from quetsach.indicators.text.spaced import SpacedValue, is_alone

_FOUR = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
_SIX = r"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}"
_TO = (
    r"(?:(?P<arrow> {0,2}(?:\u2192|->|=>) {0,2}| {1,2}to {1,2})| {0,2}(?:~|\.{2,3}|\u2026) {0,2}"
    r"| {1,2}(?:(?:cho )?đến|tới|through|until) {1,2})"
)
_FROM = r"(?:(?:từ|from) (?:(?:địa chỉ|ip|address)(?: ip)? ?:? ?)?)?"
_END = r"(?!\.?[\w:/]|[.:][0-9])"
_WORDED = re.compile(
    rf"(?<![\w.:/-]){_FROM}(?P<first>{_FOUR}|{_SIX}){_TO}(?:(?:địa chỉ|ip) )?"
    rf"(?P<last>{_FOUR}|{_SIX}){_END}",
    re.IGNORECASE,
)
_DASHED_SIX = re.compile(
    rf"(?<![\w.:/-])(?P<first>{_SIX}) ?[-\u2013\u2014] ?(?P<last>{_SIX}){_END}"
)
_SHORT = re.compile(
    r"(?<![\w.:/-])(?P<first>(?P<net>[0-9]{1,3}(?:\.[0-9]{1,3}){2})\.[0-9]{1,3})"
    r" {0,2}[-\u2013\u2014] {0,2}\.?(?P<last>[0-9]{1,3})(?![\w:/-]|\.[0-9])"
)
_SET = re.compile(
    r"(?<![\w.:/-])(?P<net>[0-9]{1,3}(?:\.[0-9]{1,3}){2})\."
    r"(?:\[(?P<first>[0-9]{1,3}) ?[-\u2013] ?(?P<last>[0-9]{1,3})\]|(?P<any>[xX*]))(?![\w:/.-])"
)
_HINT = re.compile(
    r"[0-9a-fA-F:] ?(?:[-\u2013\u2014\u2192~=\u2026]|\.\.)"
    r"|[0-9a-f:] (?:cho |đến|tới|to |through|until)|\.[\[xX*]",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:dải|dãy|khoảng|vùng|range|lớp mạng|subnet|pool|chặn|block(?:ed)?|các (?:địa chỉ|ip))\b",
    re.IGNORECASE,
)
_FLOW = re.compile(
    r"kết nối|truy cập|tấn công|gửi|lưu lượng|truyền|chuyển|traffic|connect|access|request|packet",
    re.IGNORECASE,
)
_CUE_WITHIN = 48

SPAN = re.compile(
    rf"{_FROM}(?:{_FOUR}|{_SIX})(?:{_TO}| ?[-\u2013\u2014] ?)(?:{_FOUR}|{_SIX})", re.IGNORECASE
)
"""A span from end to end of a refanged text."""

SPAN_WORD = re.compile(r"(?:(?:cho )?đến|tới|to|[-\u2013\u2014\u2192~]|->)", re.IGNORECASE)
"""What stands between its ends."""


def address_spans(text: str) -> Iterator[SpacedValue]:
    """Yield the spans of addresses in `text`, which is refanged. Cost: linear."""
    if not _HINT.search(text):
        return
    for match in _WORDED.finditer(text):
        span = f"{match['first']}-{match['last']}"
        if match["arrow"] and not _is_near(span):
            continue  # who spoke to whom
        yield SpacedValue(*match.span(), span, asked=not _is_span(text, match, span))
    for match in _DASHED_SIX.finditer(text):
        span = f"{match['first']}-{match['last']}"
        yield SpacedValue(*match.span(), span, asked=not is_alone(text, *match.span()))
    for match in _SHORT.finditer(text):
        if parse_address(match["first"]) is None or not _is_plausible(match["net"]):
            continue
        span = f"{match['first']}-{match['net']}.{match['last']}"
        # "203.0.113.4 - 80" may be a port.
        whole = " " not in match.group() and is_alone(text, *match.span())
        yield SpacedValue(*match.span(), span, asked=not whole)
    for match in _SET.finditer(text):
        if parse_address(f"{match['net']}.0") is None or not _is_plausible(match["net"]):
            continue
        span = f"{match['net']}.{match['first']}-{match['net']}.{match['last']}"
        if match["any"]:
            yield SpacedValue(*match.span(), match.group(), asked=True)
        else:
            yield SpacedValue(*match.span(), span, asked=not is_alone(text, *match.span()))


def _is_span(text: str, match: re.Match[str], value: str) -> bool:
    ends = map(parse_address, value.split("-"))
    if None in ends or not _is_near(value) or match["arrow"]:
        return False
    if is_alone(text, *match.span()):
        return True
    before = text[max(0, match.start() - _CUE_WITHIN) : match.start()]
    return _CUE.search(before) is not None and _FLOW.search(before) is None


def _is_near(value: str) -> bool:
    first, _, last = value.partition("-")
    return "." not in first or first.split(".")[:2] == last.split(".")[:2]


def _is_plausible(net: str) -> bool:
    """Return whether it is more likely an address than a version: `1.2.3.4-5`."""
    return any(len(part) == 3 for part in net.split("."))
