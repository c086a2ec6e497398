"""The handling sheet on one page of paper, as PDF/A."""

import json
from dataclasses import asdict
from datetime import datetime
from io import BytesIO
from pathlib import Path

import typst

from quetsach.documents import decree30 as decree
from quetsach.documents.card import Card
from quetsach.documents.fonts import Face, find_face
from quetsach.errors import QuetsachError
from quetsach.texts import _

_TEMPLATE = Path(__file__).with_name("card.typ")
_BREAK_HERE = "\u200b"
_LONG_WORD = 18


def card_pdf(card: Card, *, face: Face | None = None) -> bytes:
    """Return the page; the same sheet gives the same bytes.

    Errors: E405 when the typesetter refuses or warns.
    """
    used = find_face() if face is None else face
    try:
        data, warnings = typst.compile_with_warnings(
            _TEMPLATE,
            format="pdf",
            ignore_system_fonts=True,
            font_paths=list(used.folders),
            sys_inputs={
                "card": json.dumps(_inputs(card), ensure_ascii=False),
                "qr": qr_svg(card.qr),
                "family": used.family,
            },
            pdf_standards="a-2b",
            timestamp=_timestamp(card.when),
        )
    except typst.TypstError as error:
        raise QuetsachError("E405", _TEMPLATE.name, reason=error.message) from error
    if warnings:
        raise QuetsachError("E405", _TEMPLATE.name, reason=warnings[0].message)
    return bytes(data)


def headings(card: Card) -> dict[str, str]:
    """Return the headings of the sheet in the language in use, by what stands below each."""
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


def qr_svg(text: str) -> str:
    """Return the QR code of `text` as SVG. Source: ISO/IEC 18004; level M mends up to 15 %."""
    import segno

    drawn = BytesIO()
    segno.make(text, error="m", micro=False, boost_error=False).save(
        drawn,
        kind="svg",
        border=4,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,  # A browser scales what has a viewBox, and only frames what has a size.
    )
    return drawn.getvalue().decode()


def _inputs(card: Card) -> dict[str, object]:
    shown = _breakable(asdict(card))
    assert isinstance(shown, dict)
    return {**shown, "heads": headings(card), "page": decree.PAGE_MM}


def _breakable(value: object) -> object:
    """Return `value` with places to break a line within every long word of its texts."""
    if isinstance(value, str):
        words = value.split(" ")
        return " ".join(w if len(w) < _LONG_WORD else _BREAK_HERE.join(w) for w in words)
    if isinstance(value, dict):
        return {name: _breakable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(one) for one in value]
    return value


def _timestamp(when: str) -> int:
    try:
        return max(0, int(datetime.fromisoformat(when).timestamp()))
    except (ValueError, OverflowError):
        return 0
