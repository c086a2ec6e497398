"""Hand-outs set as PDF; the same values give the same bytes."""

import re
import unicodedata
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from quetsach.documents.fonts import Face
from quetsach.documents.handouts.faces import find_plain_face
from quetsach.documents.handouts.values import Imprint, Leaflet, Poster, Slides, StepsSheet
from quetsach.documents.link import checked_link
from quetsach.documents.sheet_text import fitted
from quetsach.documents.typesetting import set_page
from quetsach.errors import QuetsachError

_HERE = Path(__file__).parent
_MOST_TOOLS = 12

Handout = Poster | Leaflet | Slides | StepsSheet


def handout_pdf(handout: Handout, *, face: Face | None = None) -> bytes:
    """Return the PDF of `handout`.

    Errors: E405 when the typesetter refuses; E409 for the link; E425 where there is no typeface.
    """
    imprint = handout.imprint
    checked_link(imprint.link)
    face = face or find_plain_face(imprint.language)
    if face is None:
        raise QuetsachError("E425", imprint.language)
    texts = _clean(asdict(handout))
    texts["imprint"] |= _names(imprint)
    if isinstance(handout, StepsSheet):
        texts["tools"] = [_tool(tool) for tool in texts["tools"][:_MOST_TOOLS]]
    when = datetime.combine(imprint.day, time(), UTC)
    template = _HERE / f"{_TEMPLATES[type(handout)]}.typ"
    return set_page(template, "it", texts, qr=imprint.link, when_s=int(when.timestamp()), face=face)


_TEMPLATES: dict[type[Handout], str] = {
    Poster: "poster",
    Leaflet: "leaflet",
    Slides: "slides",
    StepsSheet: "steps",
}


def template_bytes() -> bytes:
    """Return all templates as one text: when it changes, so does what is printed."""
    return b"".join(path.read_bytes() for path in sorted(_HERE.glob("*.typ")))


def _names(imprint: Imprint) -> dict[str, str]:
    """Return what others typed, cut to its place."""
    return {
        "campaign": _held(fitted(imprint.campaign, 160)),
        "unit": _held(fitted(imprint.unit, 120)),
        "shown": fitted(imprint.shown, 120),
        "code": imprint.code,
        "help": imprint.help,
    }


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    digest = tool["sha256"]
    return {
        **tool,
        "name": fitted(tool["name"], 80),
        "facts": [[label, fitted(value, 200)] for label, value in tool["facts"]],
        "digest": [digest[place : place + 4] for place in range(0, len(digest), 4)],
    }


def _clean(value: Any) -> Any:
    """Return `value` as JSON takes it, its texts in NFC and without what cannot be shown."""
    if isinstance(value, dict):
        return {
            name: one if name == "command" else _clean(one)
            for name, one in value.items()
            if name != "day"
        }
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    if isinstance(value, str):
        shown = unicodedata.normalize("NFC", value)
        return _held("".join(one for one in shown if one.isprintable() or one in _TAKEN))
    return value


_TAKEN = "\n\u200b\u00a0\u2060"
_LAST_WORD = re.compile(r"\A((?:\S+ ){4,}\S+) (?=\S{1,7}\Z)")


def _held(text: str) -> str:
    """Return `text` with its last two words together: no line has a short last word alone."""
    return _LAST_WORD.sub("\\1\u00a0", text)
