"""The handling sheet as files: one page of PDF/A, and one HTML page without outside links."""

from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from quetsach.documents.sheets.card import HandlingCard
from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.typst import Face, qr_svg, set_page
from quetsach.texts import _

_TEMPLATE = Path(__file__).with_name("card.typ")
_BREAK_HERE = "\u200b"
_LONG_WORD = 18


def card_pdf(card: HandlingCard, *, face: Face | None = None) -> bytes:
    """Return the page; the same sheet gives the same bytes.

    Errors: E405 when the typesetter refuses or warns.
    """
    when_s = _timestamp(card.when)
    return set_page(_TEMPLATE, "card", _inputs(card), qr=card.qr, when_s=when_s, face=face)


def headings(card: HandlingCard) -> dict[str, str]:
    """Return the headings of the sheet in the language in use, by section."""
    # Only an address can be opened; the code of a case is for the one who keeps the findings.
    leads = card.qr.startswith(("http://", "https://"))
    return {
        "where": _("Which machine, and where"),
        "why": _("Why"),
        "sure": _("How sure"),
        "rivals": _("Check these machines too:"),
        "steps": _("Three steps; tick what is done"),
        "proof": _("Evidence: quetsach why FINDINGS"),
        "qr": _("Leads back to the case") if leads else _("Code of this case"),
    }


def _inputs(card: HandlingCard) -> dict[str, object]:
    shown = _breakable(asdict(card))
    assert isinstance(shown, dict)
    return {**shown, "heads": headings(card), "page": decree.PAGE_MM}


def _breakable(content: object) -> object:
    """Return `content` with places to break a line within every long word of its texts."""
    if isinstance(content, str):
        words = content.split(" ")
        return " ".join(w if len(w) < _LONG_WORD else _BREAK_HERE.join(w) for w in words)
    if isinstance(content, dict):
        return {name: _breakable(part) for name, part in content.items()}
    if isinstance(content, list | tuple):
        return [_breakable(part) for part in content]
    return content


def _timestamp(when: str) -> int:
    try:
        return max(0, int(datetime.fromisoformat(when).timestamp()))
    except (ValueError, OverflowError):
        return 0


CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The page may load nothing and run nothing, whatever the evidence contains."""

_CARD_PAGE_TEMPLATE = Path(__file__).with_name("card.html")


def card_page(card: HandlingCard) -> str:
    """Return the page; texts of others are escaped, the same sheet gives the same bytes."""
    drawn = Markup(qr_svg(card.qr))  # noqa: S704 - squares drawn here, without any text
    return (
        _templates()
        .get_template(_CARD_PAGE_TEMPLATE.name)
        .render(card=card, heads=headings(card), qr=drawn, policy=CONTENT_POLICY)
    )


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(_CARD_PAGE_TEMPLATE.parent)
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
