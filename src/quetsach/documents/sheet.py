"""The sheet of a signed release: digest, 24 words and QR code on one page of paper, as PDF/A."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from quetsach.documents import decree30 as decree
from quetsach.documents.fonts import Face
from quetsach.documents.printable import printable
from quetsach.documents.typesetting import set_page
from quetsach.texts import _, language

_TEMPLATE = Path(__file__).with_name("sheet.typ")
_BREAK_HERE = "\u200b"
_LONG = 30
MOST_TEXT = 120


@dataclass(frozen=True)
class Sheet:
    """What stands on the sheet; the texts of others are shown as they are.

    Shapes: `words` are 24, `groups` 16 of four hex digits; `count` is None where nothing is
    counted; `signed` and `created` are ISO 8601.
    """

    name: str
    title: str
    kind: str
    count: int | None
    created: str
    signed: str
    key_id: str
    groups: tuple[str, ...]
    words: tuple[str, ...]
    qr: str


def sheet_pdf(sheet: Sheet, *, face: Face | None = None) -> bytes:
    """Return the page in the language in use; the same sheet gives the same bytes.

    Errors: E405 when the typesetter refuses or warns.
    """
    when_s = int(datetime.fromisoformat(sheet.signed).timestamp())
    return set_page(_TEMPLATE, "sheet", _texts(sheet), qr=sheet.qr, when_s=when_s, face=face)


def _texts(sheet: Sheet) -> dict[str, Any]:
    kinds = {
        "release": _("Signed release of indicators"),
        "findings": _("Signed findings"),
        "file": _("Signed file"),
    }
    facts: list[tuple[str, str]] = [(_("File"), sheet.name)]
    if sheet.title:
        facts.append((_("Title"), sheet.title))
    if sheet.count is not None:
        counted = f"{sheet.count:,}"
        facts.append(
            (_("Indicators"), counted if language() == "en" else counted.replace(",", "."))
        )
    if sheet.created:
        facts.append((_("Made at"), sheet.created))
    facts.append((_("Signed at"), sheet.signed))
    facts.append((_("Number of the key"), sheet.key_id))
    return {
        "lang": language(),
        "head": kinds.get(sheet.kind, kinds["file"]),
        "facts": [[label, _shown(value)] for label, value in facts],
        "groups": sheet.groups,
        "words": sheet.words,
        "page": decree.PAGE_MM,
        **_fixed(sheet),
    }


def _fixed(sheet: Sheet) -> Mapping[str, Any]:
    command = "quetsach indicators verify"
    return {
        "words_head": _("The digest as 24 words"),
        "groups_head": _("The same digest in hex digits (SHA-256)"),
        "qr_head": _("QR code: digest, key number, time and signature"),
        "how_head": _("How to check, without any network"),
        "how": [
            [
                _("Hold the file against this sheet. The first four letters of a word are enough:"),
                f'{command} {_shown_name(sheet.name)} --printed "{sheet.words[0]} … '
                f'{sheet.words[-1]}"',
            ],
            [
                _("Or read the QR code and verify who signed, even without the file:"),
                f'{command} --key {_("KEY")}.pub.pem --printed "quetsach:1:…"',
            ],
            [
                _(
                    "Compare the number of the key with the one its owner told you by another way: "
                    "a sheet that came with the file may be forged with it."
                ),
                "",
            ],
        ],
    }


def _shown(text: str) -> str:
    fitted = " ".join(printable(text)[0].split())
    cut = fitted if len(fitted) <= MOST_TEXT else fitted[: MOST_TEXT - 1] + "…"
    return " ".join(_breakable(word) for word in cut.split(" "))


def _shown_name(name: str) -> str:
    shown = printable(name)[0]
    return _breakable(shown if len(shown) <= _LONG else "FILE")


def _breakable(word: str) -> str:
    return word if len(word) < _LONG else _BREAK_HERE.join(word)
