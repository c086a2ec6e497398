"""A report as PDF/A-2b in the layout of Nghị định 30/2020/NĐ-CP; same input, same bytes."""

import dataclasses
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.content import (
    Block,
    DocumentAppendix,
    DocumentContent,
    Paragraph,
    QrMark,
)
from quetsach.documents.typeset.form_paper import compose
from quetsach.documents.typeset.letterhead import HouseStyle, Letterhead
from quetsach.documents.typeset.text import width_pt
from quetsach.documents.typeset.typst import Face, find_face, qr_svg, typeset, with_others
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.values import FilledForm

_TEMPLATE = Path(__file__).with_name("report.typ")
# Longer than any word of a language: such a run may break anywhere, or it would leave the page.
_LONG_IN_TEXT = 40
_LONG_IN_COLUMN = 13
_LETTER_MM = 2.6
"""How wide the letters of a table are at most, on the average."""

_TALL_LINES = 22
"""How many lines of a table's text fill half a page."""

_BREAK_HERE = "\u200b"
_BEHIND_A_SIGN = re.compile(r"(?<=[/.?&=_-])(?=[^/.?&=_-])")
_DOTTED_LINE = re.compile(r"\.{4,}")


def write_pdf(
    form: ReportFormDefinition,
    filling: FilledForm,
    header: Letterhead,
    target: Path | BinaryIO,
    *,
    created: datetime,
    face: Face | None = None,
) -> Face:
    """Write the filled form to `target` as PDF and return the typeface it was set in.

    Errors: E403 when a value has no place in the form, E405 when the typesetter refuses or warns;
    OSError from the target.
    """
    used = find_face() if face is None else face
    pdf = pdf_bytes(compose(form, filling, header), created, used)
    if isinstance(target, Path):
        target.write_bytes(pdf)
    else:
        target.write(pdf)
    return used


def pdf_bytes(paper: DocumentContent, created: datetime, face: Face) -> bytes:
    """Return `paper` as PDF; the same paper, time and typeface give the same bytes.

    Errors: E405 when the typesetter refuses or warns.
    """
    inputs = {
        "paper": json.dumps(_texts(paper), ensure_ascii=False),
        "measures": json.dumps(_measures(paper.house)),
        "qr": "" if paper.mark is None else qr_svg(paper.mark.payload),
        "proof": _proof_svg(paper),
    }
    shown = with_others(face, paper.beyond) if paper.beyond else face
    return typeset(_TEMPLATE, inputs, when_s=int(created.timestamp()), face=shown)


def _proof_svg(paper: DocumentContent) -> str:
    coded = paper.proof is not None and paper.proof.payload
    return qr_svg(coded) if coded else ""


def _texts(paper: DocumentContent) -> dict[str, Any]:
    apart = (
        "head",
        "blocks",
        "unfit",
        "beyond",
        "title",
        "appendices",
        "mark",
        "proof",
        "house",
        "stamp",
    )
    texts: dict[str, Any] = {
        field.name: _breakable(getattr(part, field.name), _LONG_IN_COLUMN)
        for part in (paper.head, paper)
        for field in dataclasses.fields(part)
        if field.name not in apart
    }
    texts["title"] = paper.title
    texts["addressed"] = _breakable(paper.addressed, _LONG_IN_TEXT)
    texts["contact"] = _breakable(paper.contact, _LONG_IN_TEXT)
    texts["blocks"] = [_block(block) for block in paper.blocks]
    texts["appendices"] = [_appendix(annex) for annex in paper.appendices]
    texts["caption"] = (
        None if paper.mark is None else _breakable(paper.mark.caption, _LONG_IN_COLUMN)
    )
    texts["stamp"] = None if paper.stamp is None else dataclasses.asdict(paper.stamp)
    texts["bottom"] = paper.bottom_mm
    texts["proof"] = () if paper.proof is None else _breakable(paper.proof.lines, _LONG_IN_TEXT)
    return texts


def _appendix(annex: DocumentAppendix) -> dict[str, Any]:
    return {
        "label": annex.label,
        "title": _breakable(annex.title, _LONG_IN_TEXT),
        "attached": _breakable(annex.attached, _LONG_IN_TEXT),
        "blocks": [_block(block) for block in annex.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        pieces = [[_breakable(one.text, _LONG_IN_TEXT), one.strong] for one in block.pieces]
        return {"role": block.role.value, "pieces": pieces}
    if isinstance(block, QrMark):
        return {"role": "code", "svg": qr_svg(block.payload), "caption": block.caption}
    return {
        "role": "grid",
        "heads": _broken_to_fit(block.heads, block.widths),
        "rows": [_broken_to_fit(row, block.widths) for row in block.rows],
        "tall": [n for n, row in enumerate(block.rows) if _is_tall(row, block.widths)],
        "widths": block.widths,
        "aligns": block.aligns,
    }


def _is_tall(texts: tuple[str, ...], widths: tuple[float, ...]) -> bool:
    """Tell whether a row may be taller than half a page; it must be allowed to break."""
    return any(
        len(text) * _LETTER_MM / width + text.count("\n") > _TALL_LINES
        for text, width in zip(texts, widths, strict=True)
    )


def _broken_to_fit(texts: tuple[str, ...], widths: tuple[float, ...]) -> list[str]:
    return [
        _breakable(text, max(2, min(_LONG_IN_COLUMN, int(width / _LETTER_MM))))
        for text, width in zip(texts, widths, strict=True)
    ]


def _breakable(content: Any, longest: int) -> Any:
    if isinstance(content, str):
        return re.sub(rf"\S{{{longest},}}", lambda run: _broken(run.group(), longest), content)
    if isinstance(content, list | tuple):
        return [_breakable(each, longest) for each in content]
    return content


_LINK = re.compile(r"(?:https?://|www\.)\S+")


def _fits_a_line(run: str) -> bool:
    """Tell whether an address has room on one line, where it stays whole."""
    room = decree.points(decree.TEXT_WIDTH_MM - decree.FIRST_INDENT_MM)
    return width_pt(run, decree.BIG_PT) < room


def _broken(run: str, longest: int) -> str:
    if longest == _LONG_IN_TEXT and _LINK.search(run) and _fits_a_line(run):
        return run
    # Dotted lines must not break; the text beside them is measured alone.
    if len(_DOTTED_LINE.sub("", run)) < longest:
        return run
    # An address breaks after punctuation; only a part that is itself too long breaks anywhere.
    parts = _BEHIND_A_SIGN.split(run)
    return _BREAK_HERE.join(
        part if len(part) < longest else _BREAK_HERE.join(part) for part in parts
    )


def _measures(house: HouseStyle) -> dict[str, Any]:
    return {
        "house": dataclasses.asdict(house),
        "page": decree.PAGE_MM,
        "top": decree.TOP_MM,
        "left": decree.LEFT_MM,
        "right": decree.RIGHT_MM,
        "head": decree.HEAD_COLUMNS_MM,
        "foot": decree.FOOT_COLUMNS_MM,
        "indent": decree.FIRST_INDENT_MM,
        "qr": decree.QR_MM,
        "annex_qr": decree.ANNEX_QR_MM,
        "foot_qr": decree.FOOT_QR_MM,
        "above_edge": decree.FOOT_QR_ABOVE_EDGE_MM,
        "about": decree.SMALL_PT,
        "contact": decree.SMALLEST_PT,
        "small": decree.HEAD_PT,
        "big": decree.BIG_PT,
        "lines": decree.LINES,
        "title_gap": decree.TITLE_GAP_PT,
        "gap": decree.PARAGRAPH_GAP_PT,
        "rule": decree.RULE_PT,
        "kept_rows": decree.GRID_KEPT_ROWS,
        "signature": decree.SIGNATURE_GAP_PT,
    }
