"""A report as PDF/A-2b in the layout of Nghị định 30/2020/NĐ-CP; same input, same bytes."""

import dataclasses
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import typst

from quetsach.documents import decree30 as decree
from quetsach.documents.fill import Filling
from quetsach.documents.fonts import Face, find_face
from quetsach.documents.form import Form
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.paper import Block, Paper, Paragraph, compose
from quetsach.errors import QuetsachError

_TEMPLATE = Path(__file__).with_name("report.typ")
# Longer than any word of a language: such a run may break anywhere, or it would leave the page.
_LONG_IN_TEXT = 40
_LONG_IN_COLUMN = 13
_BREAK_HERE = "\u200b"
_DOTTED_LINE = re.compile(r"\.{4,}")


def write_pdf(
    form: Form,
    filling: Filling,
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
    data = _typeset(compose(form, filling, header), used, created)
    if isinstance(target, Path):
        target.write_bytes(data)
    else:
        target.write(data)
    return used


def _typeset(paper: Paper, face: Face, created: datetime) -> bytes:
    try:
        data, warnings = typst.compile_with_warnings(
            _TEMPLATE,
            format="pdf",
            ignore_system_fonts=True,
            font_paths=list(face.folders),
            sys_inputs={
                "paper": json.dumps(_texts(paper), ensure_ascii=False),
                "measures": json.dumps(_measures()),
                "family": face.family,
            },
            pdf_standards="a-2b",
            timestamp=int(created.timestamp()),
        )
    except typst.TypstError as err:
        raise QuetsachError("E405", _TEMPLATE.name, reason=err.message) from err
    if warnings:
        # A font that is not there is only a warning, and the page would look wrong.
        raise QuetsachError("E405", _TEMPLATE.name, reason=warnings[0].message)
    return bytes(data)


def _texts(paper: Paper) -> dict[str, Any]:
    texts: dict[str, Any] = {
        name: _breakable(value, _LONG_IN_COLUMN)
        for name, value in dataclasses.asdict(paper).items()
        if name not in ("blocks", "unfit", "title")
    }
    texts["title"] = paper.title
    texts["addressed"] = _breakable(paper.addressed, _LONG_IN_TEXT)
    texts["blocks"] = [_block(block) for block in paper.blocks]
    return texts


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"role": block.role.value, "text": _breakable(block.text, _LONG_IN_TEXT)}
    return {
        "role": "grid",
        "heads": _breakable(block.heads, _LONG_IN_COLUMN),
        "rows": _breakable(block.rows, _LONG_IN_COLUMN),
    }


def _breakable(value: Any, longest: int) -> Any:
    if isinstance(value, str):
        return re.sub(rf"\S{{{longest},}}", lambda run: _broken(run.group(), longest), value)
    if isinstance(value, list | tuple):
        return [_breakable(each, longest) for each in value]
    return value


def _broken(run: str, longest: int) -> str:
    # Dotted lines are whole by intent; what stands beside them is measured alone.
    if len(_DOTTED_LINE.sub("", run)) < longest:
        return run
    return _BREAK_HERE.join(run)


def _measures() -> dict[str, Any]:
    return {
        "page": decree.PAGE_MM,
        "top": decree.TOP_MM,
        "bottom": decree.BOTTOM_MM,
        "left": decree.LEFT_MM,
        "right": decree.RIGHT_MM,
        "head": decree.HEAD_COLUMNS_MM,
        "foot": decree.FOOT_COLUMNS_MM,
        "grid": decree.GRID_COLUMNS_MM,
        "indent": decree.FIRST_INDENT_MM,
        "small": decree.HEAD_PT,
        "big": decree.BIG_PT,
        "lines": decree.LINES,
        "title_gap": decree.TITLE_GAP_PT,
        "gap": decree.PARAGRAPH_GAP_PT,
        "rule": decree.RULE_PT,
        "kept_rows": decree.GRID_KEPT_ROWS,
        "signature": decree.SIGNATURE_GAP_PT,
    }
