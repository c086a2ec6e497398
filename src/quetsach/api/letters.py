"""Official letters that we write: drafted from a template, set in type, with their annexes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from quetsach.documents.letter import Annex, BlankForm, Medium, OfficialLetter, Passage

if TYPE_CHECKING:
    from quetsach.documents.letter_draft import Draft, DraftValue
    from quetsach.documents.letter_files import LetterFiles
    from quetsach.documents.letter_template import LetterTemplate
    from quetsach.documents.printable import Unfit
    from quetsach.documents.report import Written


def letter_templates() -> "list[LetterTemplate]":
    """Return the kinds of letter that can be drafted, with the fields of each."""
    from quetsach.documents import letter_template

    return letter_template.letter_templates()


def draft_letter(code: str, values: "Mapping[str, DraftValue]") -> "Draft":
    """Return the words that the template `code` makes of `values`, by the ids of its fields.

    Errors: E420 for the template; E422 for a value; E409 for a link.
    """
    from quetsach.documents import letter_draft
    from quetsach.documents.letter_template import load_letter_template

    return letter_draft.draft_letter(load_letter_template(code), values)


def letter_body_as_plain(body: Sequence[Passage], language: str = "vi") -> str:
    """Return the body of a letter as text for an editor: a line a passage, numbered."""
    from quetsach.documents.letter_plain import as_plain

    return as_plain(body, language)


def letter_body_from_plain(text: str) -> tuple[Passage, ...]:
    """Return the body that an editor's text holds; the twin of letter_body_as_plain."""
    from quetsach.documents.letter_plain import from_plain

    return from_plain(text)


def form_annex(form: str, definition: str = "") -> Annex:
    """Return the form with this code, left open, as an annex of a letter.

    Shapes: `definition` is the form's text where it is not the shipped one. Errors: E401, E402.
    """
    from quetsach.documents.letter_annex import form_of

    part = BlankForm(form, definition)
    return Annex(form_of(part).title.vi, (part,))


def letter_files(
    letter: OfficialLetter, *, paper: bool = False, created: datetime | None = None
) -> "LetterFiles":
    """Return an official letter as DOCX and PDF; for `paper` with its QR code, number on annexes.

    Shapes: `created` is aware; the day of signing unless it is given.
    Errors: E422 when it cannot be printed; E401, E402 for a form in an annex; E405.
    """
    from quetsach.documents import letter_files

    medium = Medium.PAPER if paper else Medium.ELECTRONIC
    return letter_files.letter_files(letter, medium=medium, created=created)


def letter_unfit(letter: OfficialLetter) -> "tuple[Unfit, ...]":
    """Return the characters of a letter that no typeface here shows; nothing is set in type.

    Errors: E422 when it cannot be printed; E401, E402 for a form in an annex.
    """
    from quetsach.documents.letter_paper import compose_letter

    return compose_letter(letter, Medium.PAPER).unfit


def letter_digest(letter: OfficialLetter) -> str:
    """Return the SHA-256 of what a letter says, in hex; its first 16 digits stand on its pages."""
    from quetsach.documents import letter_digest as digests

    return digests.letter_digest(letter)


def letter_document(
    letter: OfficialLetter,
    folder: Path,
    *,
    name: str = "cong-van",
    paper: bool = False,
    created: datetime | None = None,
) -> "Written":
    """Write an official letter to `folder` as NAME.docx and NAME.pdf; return the files written.

    Errors: as letter_files; E406 when they cannot be written.
    """
    from quetsach.documents.letter_files import write_letter

    medium = Medium.PAPER if paper else Medium.ELECTRONIC
    return write_letter(letter, folder, name=name, medium=medium, created=created)
