"""Official letters that we write: drafted from a template, set in type, with their annexes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from quetsach.documents.letters.letter import BlankForm, Medium
from quetsach.documents.letters.letter import Citation as Citation
from quetsach.documents.letters.letter import LetterAppendix as LetterAppendix
from quetsach.documents.letters.letter import LetterPassage as LetterPassage
from quetsach.documents.letters.letter import LetterSigner as LetterSigner
from quetsach.documents.letters.letter import LetterText as LetterText
from quetsach.documents.letters.letter import OfficialLetter as OfficialLetter
from quetsach.documents.letters.letter import SignatureLine as SignatureLine
from quetsach.documents.letters.letter import SigningCapacity as SigningCapacity
from quetsach.documents.letters.letter import UrgencyStamp as UrgencyStamp
from quetsach.documents.letters.letter import notation_for as notation_for
from quetsach.documents.typeset.content import QrMark as QrMark
from quetsach.documents.typeset.letterhead import Letterhead as Letterhead
from quetsach.documents.typeset.letterhead import letterhead_of as letterhead_of
from quetsach.documents.typeset.proof import DocumentProof as DocumentProof
from quetsach.documents.typeset.text import UnprintableCharacter as UnprintableCharacter
from quetsach.errors.exceptions import QuetsachError
from quetsach.letters.model import IndicatorCount, KnownForm, ReadLetter
from quetsach.readers.contract import ReadDocument, ReadLimits
from quetsach.texts import _

if TYPE_CHECKING:
    from quetsach.documents.letters.annexes import MissingAnnex
    from quetsach.documents.letters.drafts import Draft, DraftValue, LetterTemplate
    from quetsach.documents.letters.files import LetterFiles
    from quetsach.documents.reports.sweep_report import WrittenReport
    from quetsach.documents.typeset.text import UnprintableCharacter


@dataclass(frozen=True)
class ListFacts:
    """A list as its annex names it: `digest` is 64 hex digits, `kinds` counts by kind."""

    title: str
    digest: str
    count: int
    kinds: Mapping[str, int]
    created: str = ""
    signed_by: tuple[str, ...] = ()


def letter_templates() -> "list[LetterTemplate]":
    """Return the kinds of letter that can be drafted, with the fields of each."""
    from quetsach.documents.letters import drafts

    return drafts.letter_templates()


def draft_letter(code: str, values: "Mapping[str, DraftValue]") -> "Draft":
    """Return the words that the template `code` makes of `values`, by the ids of its fields.

    Errors: E420 for the template; E422 for a value; E409 for a link.
    """
    from quetsach.documents.letters import drafts
    from quetsach.documents.letters.drafts import load_letter_template

    return drafts.draft_letter(load_letter_template(code), values)


def letter_body_as_plain(body: Sequence[LetterPassage], language: str = "vi") -> str:
    """Return the body of a letter as text for an editor: a line a passage, numbered."""
    from quetsach.documents.letters.files import as_plain

    return as_plain(body, language)


def letter_body_from_plain(text: str) -> tuple[LetterPassage, ...]:
    """Return the body that an editor's text holds; the twin of letter_body_as_plain."""
    from quetsach.documents.letters.files import from_plain

    return from_plain(text)


def form_annex(form: str, definition: str = "") -> LetterAppendix:
    """Return the form with this code, left open, as an annex of a letter.

    Shapes: `definition` is the form's text where it is not the shipped one. Errors: E401, E402.
    """
    from quetsach.documents.letters.paper import form_of

    part = BlankForm(form, definition)
    return LetterAppendix(form_of(part).title.vi, (part,))


def list_annex(campaign_list: ListFacts) -> LetterAppendix:
    """Return the sheet of a list of harmful addresses as an annex: digest, digits, words, QR."""
    from quetsach.documents.letters.annexes import ListSheet
    from quetsach.documents.letters.annexes import list_annex as sheet_of
    from quetsach.signing.printed import groups_of, spoken_of, words_of

    digest = campaign_list.digest
    return sheet_of(
        ListSheet(
            title=campaign_list.title,
            count=campaign_list.count,
            kinds=campaign_list.kinds,
            created=campaign_list.created,
            digest=digest,
            spoken=spoken_of(digest),
            groups=groups_of(digest),
            words=words_of(digest),
            signed_by=campaign_list.signed_by,
        )
    )


def roman(number: int) -> str:
    """Return the Roman numeral of an annex: 1 to 89."""
    from quetsach.documents.letters import paper

    return paper.roman(number)


def missing_annexes(letter: OfficialLetter) -> "tuple[MissingAnnex, ...]":
    """Return where the body of a letter names an annex that is not attached to it."""
    from quetsach.documents.letters import annexes

    return annexes.missing_annexes(letter)


def letter_files(
    letter: OfficialLetter, *, paper: bool = False, created: datetime | None = None
) -> "LetterFiles":
    """Return an official letter as DOCX and PDF; for `paper` with its QR code, number on annexes.

    Shapes: `created` is aware; the day of signing unless it is given.
    Errors: E422 when it cannot be printed; E401, E402 for a form in an annex; E405.
    """
    from quetsach.documents.letters import files

    medium = Medium.PAPER if paper else Medium.ELECTRONIC
    return files.letter_files(letter, medium=medium, created=created)


def letter_unfit(letter: OfficialLetter) -> "tuple[UnprintableCharacter, ...]":
    """Return the characters of a letter that no typeface here shows; nothing is set in type.

    Errors: E422 when it cannot be printed; E401, E402 for a form in an annex.
    """
    from quetsach.documents.letters.paper import compose_letter

    return compose_letter(letter, Medium.PAPER).unfit


def letter_digest(letter: OfficialLetter) -> str:
    """Return the SHA-256 of a letter's content, in hex; 16 digits are printed on its pages."""
    from quetsach.documents.letters import files as digests

    return digests.letter_digest(letter)


def letter_document(
    letter: OfficialLetter,
    folder: Path,
    *,
    name: str = "cong-van",
    paper: bool = False,
    created: datetime | None = None,
) -> "WrittenReport":
    """Write an official letter to `folder` as NAME.docx and NAME.pdf; return the files written.

    Errors: as letter_files; E406 when they cannot be written.
    """
    from quetsach.documents.letters.files import write_letter

    medium = Medium.PAPER if paper else Medium.ELECTRONIC
    return write_letter(letter, folder, name=name, medium=medium, created=created)


MOST_PLACES = 50
"""How many places of indicators a letter names; their list has all."""


def read_letter(path: Path) -> ReadLetter:
    """Return what the letter in the file `path` says, and what it leaves open.

    Errors: E101, E104, E413 for the file; E410 to E417 for its kind.
    """
    # Imported where it is used: a sweep reads no letters.
    from quetsach.letters.read import read_letter as letter_in
    from quetsach.readers.read import read_paper

    try:
        size = path.stat().st_size
        limit = ReadLimits().bytes_in
        if size > limit:
            raise QuetsachError("E413", path.name, limit=f"{limit:,} bytes")
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise QuetsachError("E101", str(path)) from error
    except OSError as error:
        raise QuetsachError("E104", str(path), reason=error.strerror) from error
    paper = read_paper(raw, path.name)
    return letter_in(paper, forms=_known_forms(), count=lambda _paper: _counted(path, paper))


def _counted(path: Path, paper: ReadDocument) -> IndicatorCount | None:
    """Return how many indicators the list reader finds in the file, or None if it knows it not.

    A scan is not read a second time: that costs minutes.
    """
    if paper.by_ocr:
        return None
    # Imported here: it loads the list formats, which the reading of a letter alone does not need.
    from quetsach.indicators.options import ListOptions
    from quetsach.indicators.read import read_lists

    try:
        indicators = read_lists([path], ListOptions()).indicators
    except QuetsachError as error:
        if error.problem.code == "E202" and isinstance(error.__cause__, OSError):
            # The disk, and not the list: that there is none must not be said.
            raise
        return None
    origins = (one.origins[0] for one in indicators)
    places = dict.fromkeys(one.place or _("row %(row)s") % {"row": one.row} for one in origins)
    return IndicatorCount(len(indicators), tuple(islice(places, MOST_PLACES)))


def _known_forms() -> tuple[KnownForm, ...]:
    """Return the forms of this program as a letter's appendix would show them."""
    from quetsach.forms.reading import shipped_codes, shipped_form

    return tuple(
        KnownForm(
            form.code,
            form.title.vi,
            tuple(field.label.vi for section in form.sections for field in section.fields),
            tuple(
                tuple(column.vi for column in section.table.columns)
                for section in form.sections
                if section.table is not None
            ),
            tuple(
                row.label.vi
                for section in form.sections
                if section.table is not None
                for row in section.table.rows
            ),
        )
        for form in map(shipped_form, shipped_codes())
    )
