"""Hand-outs of a campaign: their texts, their typeface, and their PDF with stable bytes."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from quetsach.documents.sheets.campaign_sheets import fitted
from quetsach.documents.typeset.proof import checked_link
from quetsach.documents.typeset.typst import BUILT_IN, Face, set_page, shows_vietnamese
from quetsach.errors.exceptions import QuetsachError

# In this order; Liberation Sans and Arimo have the widths of Arial.
LATIN = ("Liberation Sans", "Arial", "Arimo")
KHMER = ("Noto Sans Khmer", "Khmer UI", "Leelawadee UI")


@cache
def find_plain_face(language: str) -> Face | None:
    """Return the typeface for texts in `language`; None where this system has none for Khmer.

    Cost: reads the names of all fonts of this system, once in a process.
    """
    latin = next(_faces_showing(LATIN, vietnamese=True), Face(BUILT_IN))
    if language != "km":
        return latin
    khmer = next(_faces_showing(KHMER, vietnamese=False), None)
    if khmer is None:
        return None
    # Latin letters come from the first, as Vietnamese names occur in Khmer sentences.
    return Face(latin.family, (*latin.folders, *khmer.folders), also=(khmer.family,))


def _faces_showing(families: tuple[str, ...], *, vietnamese: bool) -> Iterator[Face]:
    import typst

    known = typst.Fonts(include_embedded_fonts=False).fonts()
    for family in families:
        files = [Path(font.path) for font in known if font.family == family and font.path]
        for folder in sorted({file.parent for file in files}):
            face = Face(family, (folder,))
            if not vietnamese or shows_vietnamese(face):
                yield face


class PosterSize(StrEnum):
    """The sizes of a poster."""

    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True)
class Imprint:
    """The imprint of every hand-out: who hands it out, and where its QR code leads.

    Shapes: `shown` is the address as people read and type it; `code`, `help`, `edition` and
    `review` are whole sentences, "" for none; `day` is the edition's.
    """

    language: str
    campaign: str
    unit: str
    link: str
    shown: str
    day: date
    code: str = ""
    help: str = ""
    edition: str = ""
    review: str = ""


@dataclass(frozen=True)
class HandoutPoint:
    """One sentence, or a short title with one."""

    text: str
    title: str = ""


@dataclass(frozen=True)
class Panel:
    """A heading with points, in an order that counts where `numbered`."""

    heading: str
    points: tuple[HandoutPoint, ...]
    numbered: bool = False


@dataclass(frozen=True)
class CallToAction:
    """The message, what follows from it, and the text beside the QR code."""

    headline: str
    below: str
    scan: str
    private: str = ""


@dataclass(frozen=True)
class Poster:
    """One message in large print, three steps and the code."""

    imprint: Imprint
    call: CallToAction
    steps: tuple[str, ...]
    paper: PosterSize = PosterSize.A4


@dataclass(frozen=True)
class Leaflet:
    """A sheet of A4, printed on both sides and folded once: cover, two pages inside, back."""

    imprint: Imprint
    call: CallToAction
    left: tuple[Panel, ...]
    right: tuple[Panel, ...]
    back: tuple[Panel, ...]


@dataclass(frozen=True)
class Slides:
    """Pages for a screen: the message, one page a panel, the code on the last."""

    imprint: Imprint
    call: CallToAction
    panels: tuple[Panel, ...]
    last: Panel


@dataclass(frozen=True)
class ToolFacts:
    """A tool as its maker publishes it; `facts` are label and value.

    Shapes: `sha256` is 64 hex digits.
    """

    name: str
    facts: tuple[tuple[str, str], ...]
    digest_label: str
    sha256: str


@dataclass(frozen=True)
class StepsSheet:
    """What to do on one kind of device in large print, with the tools and how to compare them.

    Shapes: `compare` are sentences, `command` is what is typed between the first and the second.
    """

    imprint: Imprint
    heading: str
    lead: str
    steps: tuple[HandoutPoint, ...]
    tools_heading: str
    tools: tuple[ToolFacts, ...]
    no_tools: str
    compare_heading: str
    compare: tuple[str, ...]
    command: str
    again: str


_HERE = Path(__file__).with_name("handouts")
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
        "campaign": _keep_last_words_together(fitted(imprint.campaign, 160)),
        "unit": _keep_last_words_together(fitted(imprint.unit, 120)),
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


def _clean(content: Any) -> Any:
    """Return `content` as JSON takes it, its texts in NFC and without what cannot be shown."""
    if isinstance(content, dict):
        return {
            name: one if name == "command" else _clean(one)
            for name, one in content.items()
            if name != "day"
        }
    if isinstance(content, list | tuple):
        return [_clean(one) for one in content]
    if isinstance(content, str):
        shown = unicodedata.normalize("NFC", content)
        return _keep_last_words_together(
            "".join(one for one in shown if one.isprintable() or one in _TAKEN)
        )
    return content


_TAKEN = "\n\u200b\u00a0\u2060"
_LAST_WORD = re.compile(r"\A((?:\S+ ){4,}\S+) (?=\S{1,7}\Z)")


def _keep_last_words_together(text: str) -> str:
    """Return `text` with its last two words together: no line has a short last word alone."""
    return _LAST_WORD.sub("\\1\u00a0", text)
