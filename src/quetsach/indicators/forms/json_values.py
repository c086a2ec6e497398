"""JSON written by others: its items one by one, and values that may be of any type."""

import codecs
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from quetsach.indicators.forms.contract import ListFile

MOST_ITEMS = 15_000_000
"""How many commas an array may have, those inside of its items too."""

_CHUNK = 1 << 20
_HEAD = 1 << 16
_MARK = b"\xef\xbb\xbf"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST_DATE = 40
# Every escape is matched, so that of two backslashes before `ud800` none begins another escape.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_T = TypeVar("_T")

BROKEN = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)
"""What msgspec raises for JSON that is damaged, nested too deeply, or no UTF-8."""


def json_buffer(file: ListFile) -> bytes | None:
    """Return the JSON of `file` as UTF-8, or None where it begins like none.

    Cost: no copy for UTF-8, which it nearly always is.
    """
    begin = 3 if file.raw.startswith(_MARK) else 0
    head = file.raw[begin : begin + 256].lstrip()
    if head[:1] in (b"{", b"[") and b"\0" not in head and _is_utf8(file.raw):
        return _without_halves(file.raw[begin:] if begin else file.raw)
    if not file.raw.startswith((b"\xff\xfe", b"\xfe\xff")) and b"{" not in head:
        return None
    text = (file.text or "").lstrip()
    return _without_halves(text.encode("utf-8", "replace")) if text[:1] in ("{", "[") else None


def head_text(file: ListFile) -> str:
    """Return the first 64 KiB as text, to tell by it what a damaged file was meant to be."""
    return file.raw[:_HEAD].replace(b"\0", b"").decode("utf-8", "replace")


def decoded(data: bytes | msgspec.Raw, of_type: type[_T]) -> _T | None:
    """Return `data` as `of_type`, or None where it is damaged or of another type."""
    try:
        return msgspec.json.decode(data, type=of_type)
    except BROKEN:
        return None


def items(data: bytes | msgspec.Raw) -> list[msgspec.Raw] | None:
    """Return the items of the JSON array `data`, undecoded, or None where it is no array."""
    held = bytes(data) if len(memoryview(data)) else b""
    # Each item needs some 70 bytes however short it is: a hostile list would fill the memory.
    if not held or held.count(b",") > MOST_ITEMS:
        return None
    return decoded(data, list[msgspec.Raw])


def damage(data: bytes | msgspec.Raw) -> str:
    """Return what is wrong with the JSON of `data` in the words of the decoder; "" for nothing."""
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except BROKEN as err:
        return str(err)
    return ""


def excerpt(data: msgspec.Raw, limit: int = 200) -> str:
    """Return the first characters of an undecoded item, as it is written."""
    return bytes(memoryview(data)[: 4 * limit]).decode("utf-8", "replace")[:limit]


def as_text(value: Any) -> str:
    """Return `value` where it is a text, else ""."""
    return value if isinstance(value, str) else ""


def as_texts(value: Any) -> list[str]:
    """Return the texts in the list `value`; [] for anything else."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def as_dicts(value: Any) -> Iterator[dict[str, Any]]:
    """Return the JSON objects in the list `value`, one by one; none for anything else."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def as_flag(value: Any) -> bool:
    """Return whether `value` says yes: true, 1, or a text that says so."""
    if isinstance(value, str):
        return value.strip().lower() in ("1", "true", "yes")
    return value is True or (isinstance(value, int) and value == 1)


def as_percent(value: Any) -> int | None:
    """Return the whole number 0 to 100 that `value` is, else None."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= 100 else None


def instant_us(value: Any) -> int | None:
    """Return the moment of an RFC 3339 timestamp, or None; fractions finer than 1 us are cut."""
    if not isinstance(value, str) or not 19 <= len(value) <= _LONGEST_DATE or value[10:11] != "T":
        return None
    return _instant_us(value)


@lru_cache(maxsize=4096)
def _instant_us(text: str) -> int | None:
    try:
        when = datetime.fromisoformat(text)
        aware = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
        return (aware - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        return None


def _without_halves(raw: bytes) -> bytes:
    """Return `raw` with halves of characters replaced, over which msgspec gives up."""
    if b"\\ud" not in raw and b"\\uD" not in raw:
        return raw
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found.group(1) else found.group(), raw)


def _is_utf8(raw: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(raw)
    try:
        for begin in range(0, len(raw), _CHUNK):
            decoder.decode(view[begin : begin + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
