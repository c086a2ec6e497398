"""The values of a JSON text: those of a list, one object, or one a line."""

from typing import Any

import msgspec

_KEPT_TEXT = 200


def json_values(text: str | None) -> list[tuple[int | None, Any]] | None:
    """Return the values of a JSON list, object or JSON lines; None for what is no JSON."""
    if text is None or text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        value = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return _json_lines(text)
    return [(None, one) for one in value] if isinstance(value, list) else [(None, value)]


def _json_lines(text: str) -> list[tuple[int | None, Any]] | None:
    found: list[tuple[int | None, Any]] = []
    is_any = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append((number, msgspec.json.decode(line)))
            is_any = True
        except (msgspec.MsgspecError, RecursionError):
            found.append((number, line[:_KEPT_TEXT]))
    return found if is_any else None
