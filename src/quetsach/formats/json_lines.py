"""One JSON object a line: decoding that never raises, and a look at the first ones of a head."""

from collections.abc import Iterable
from typing import Any

import msgspec

_decoder = msgspec.json.Decoder()
_LOOK_AT = 20
_LONGEST_PREFIX = 512


def object_of(line: bytes) -> dict[str, Any] | None:
    """Return the JSON object of `line`, or None; a syslog header may stand before it."""
    start = line.find(b"{", 0, _LONGEST_PREFIX)
    if start < 0:
        return None
    found = _decoded(line[start:] if start else line)
    if found is None:
        # A sensor that copies bytes from the wire may break UTF-8; the line still counts.
        found = _decoded(line[start:].decode("utf-8", "replace").encode().rstrip(b", \r\n"))
    return found if isinstance(found, dict) else None


def _decoded(text: bytes) -> Any:
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def first_objects(head: bytes) -> Iterable[dict[str, Any]]:
    """Return the objects among the first lines of `head`; a last line cut off is left out."""
    lines = head.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", _LOOK_AT)[:_LOOK_AT]
    return [found for line in lines if (found := object_of(line)) is not None]
