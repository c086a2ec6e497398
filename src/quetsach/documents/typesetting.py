"""Pages set by typst as PDF/A, with their texts as JSON, and QR codes as SVG or PNG."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import typst

from quetsach.documents.fonts import Face, find_face
from quetsach.errors import QuetsachError


def set_page(
    template: Path,
    name: str,
    texts: Mapping[str, Any],
    *,
    qr: str,
    when_s: int,
    face: Face | None = None,
) -> bytes:
    """Return the PDF of `template`, which finds `texts` under `name`; same texts, same bytes.

    Units: `when_s` in seconds since 1970, UTC. Errors: E405 when the typesetter refuses or warns.
    """
    inputs = {name: json.dumps(texts, ensure_ascii=False), "qr": qr_svg(qr)}
    return typeset(template, inputs, when_s=when_s, face=find_face() if face is None else face)


def typeset(template: Path, inputs: Mapping[str, str], *, when_s: int, face: Face) -> bytes:
    """Return the PDF of `template` with `inputs`, its texts in `face`.

    Units: `when_s` in seconds since 1970, UTC. Errors: E405 when the typesetter refuses or warns.
    """
    try:
        data, warnings = typst.compile_with_warnings(
            template,
            format="pdf",
            ignore_system_fonts=True,
            font_paths=list(face.folders),
            sys_inputs={**inputs, "family": ",".join((face.family, *face.also))},
            pdf_standards="a-2b",
            timestamp=when_s,
        )
    except typst.TypstError as error:
        raise QuetsachError("E405", template.name, reason=error.message) from error
    if warnings:
        # A font that is not there is only a warning, and the page would look wrong.
        raise QuetsachError("E405", template.name, reason=warnings[0].message)
    return bytes(data)


def qr_svg(text: str) -> str:
    """Return the QR code of `text` as SVG. Source: ISO/IEC 18004; level M mends up to 15 %."""
    drawn = BytesIO()
    _qr(text).save(
        drawn,
        kind="svg",
        border=4,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,  # A browser scales what has a viewBox, and only frames what has a size.
    )
    return drawn.getvalue().decode()


def qr_png(text: str) -> bytes:
    """Return the QR code of `text` as PNG, in black and white, without a date."""
    drawn = BytesIO()
    _qr(text).save(drawn, kind="png", border=4, scale=8)
    return drawn.getvalue()


def _qr(text: str) -> Any:
    import segno

    return segno.make(text, error="m", micro=False, boost_error=False)
