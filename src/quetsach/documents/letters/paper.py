"""An official letter as the content of its paper: numbered passages, dotted blanks, annexes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from quetsach.documents.letters.letter import (
    BlankForm,
    DocumentOpening,
    LetterAppendix,
    LetterPassage,
    LetterSigner,
    LetterTable,
    LetterText,
    Medium,
    OfficialLetter,
    PassageLevel,
    capacity_words,
    checked_letter,
    numbered_as,
    opening,
)
from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.content import (
    BLANK_DAY,
    Block,
    DocumentAppendix,
    DocumentContent,
    DocumentTable,
    Paragraph,
    ParagraphRole,
    QrMark,
    TextFitter,
    TextRun,
    addressed_lines,
    dots,
    listed,
    plain,
)
from quetsach.documents.typeset.form_paper import blank_blocks
from quetsach.documents.typeset.letterhead import Letterhead, party_notation
from quetsach.documents.typeset.proof import proof_of
from quetsach.documents.typeset.text import (
    balanced_lines,
    column_aligns,
    column_widths,
    day_month_year,
)
from quetsach.documents.typeset.wording import LetterheadWords
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.reading import read_form, shipped_form

# Points are lettered by the alphabet of the language; Vietnamese has no f, j, w and z.
_LETTERS = {"vi": "abcdđeghiklmnopqrstuvxy", "en": "abcdefghijklmnopqrstuvwxyz"}
_END = "./."


@dataclass
class PointNumbering:
    """Counts points and their letters; a new point begins the letters anew."""

    language: str
    points: int = 0
    subpoints: int = 0

    def label(self, level: PassageLevel) -> str:
        """Return the number or letter of the next passage of this level."""
        if level is PassageLevel.POINT:
            self.points, self.subpoints = self.points + 1, 0
            return f"{self.points}. "
        if level is PassageLevel.SUBPOINT:
            self.subpoints += 1
            return f"{_lettered(self.subpoints, _LETTERS[self.language])}) "
        return "- " if level is PassageLevel.DASH else ""


def numbered(
    passages: Iterable[LetterPassage], fitting: TextFitter, language: str
) -> Iterator[Paragraph]:
    """Yield the passages as paragraphs, with their numbers; each line of one is a paragraph."""
    numbering = PointNumbering(language if language in _LETTERS else "vi")
    for passage in passages:
        pieces = tuple(TextRun(fitting.text(one.text), one.strong) for one in passage.pieces)
        lines = _lines(pieces)
        if lines:
            label = numbering.label(passage.level)
            lines[0] = (TextRun(label), *lines[0]) if label else lines[0]
        yield from (Paragraph(ParagraphRole.ITEM, line) for line in lines)


def ended(blocks: list[Block]) -> list[Block]:
    """Return `blocks` whose last paragraph ends with "./.", as the text of a letter does."""
    *before, last = blocks
    if not isinstance(last, Paragraph):
        return blocks
    *kept, piece = last.pieces
    text = piece.text.rstrip().rstrip(";,:")
    if not text.endswith(_END):
        text += _END.removeprefix(".") if text.endswith(".") else _END
    return [*before, Paragraph(ParagraphRole.ENDING, (*kept, replace(piece, text=text)))]


def _lines(pieces: tuple[TextRun, ...]) -> list[tuple[TextRun, ...]]:
    """Return the pieces line by line, without blank lines and blanks at the ends of one."""
    lines: list[list[TextRun]] = [[]]
    for piece in pieces:
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(replace(piece, text=part))
    return [tuple(_trimmed(line)) for line in lines if any(one.text.strip() for one in line)]


def _trimmed(line: list[TextRun]) -> Iterator[TextRun]:
    while not line[0].text.strip():
        line = line[1:]
    while not line[-1].text.strip():
        line = line[:-1]
    for place, piece in enumerate(line):
        text = piece.text.lstrip() if place == 0 else piece.text
        yield replace(piece, text=text.rstrip() if place == len(line) - 1 else text)


def _lettered(count: int, letters: str) -> str:
    # After the last letter of the alphabet they are doubled: aa, ab.
    turn, place = divmod(count - 1, len(letters))
    return (letters[turn - 1] if turn else "") + letters[place]


_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class AppendixContext:
    """What all annexes of one letter share."""

    line: str
    count: int
    words: LetterheadWords
    language: str


def attached_line(head: Letterhead, number: str, words: LetterheadWords, medium: Medium) -> str:
    """Return the line that names the letter of an annex, its values blank where it must be.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, III.1: an electronic document leaves them blank.
    """
    day, month, year = (dots(count) for count in BLANK_DAY)
    shown, body = f"{dots(8)}/{dots(10)}", dots(16)
    if medium is Medium.PAPER:
        shown = number
        body = body if head.unit is None else " ".join(head.unit.split())
        if head.signed_on is not None:
            day, month, year = day_month_year(head.signed_on)
    facts = {"number": shown, "day": day, "month": month, "year": year, "body": body}
    return words.attached % facts


def appendix(
    annex: LetterAppendix, place: int, shared: AppendixContext, fitting: TextFitter
) -> DocumentAppendix:
    """Return the annex that is the `place`-th of its letter, 1 = first.

    Errors: E401, E402 for a form that it should hold.
    """
    label = shared.words.annex
    return DocumentAppendix(
        label=f"{label} {roman(place)}" if shared.count > 1 else label,
        title=balanced_lines(
            fitting.line(annex.title).upper(),
            decree.BIG_PT,
            decree.points(decree.TEXT_WIDTH_MM),
            bold=True,
        ),
        attached=shared.line,
        blocks=tuple(_blocks(annex, shared.language, fitting)),
    )


def _blocks(annex: LetterAppendix, language: str, fitting: TextFitter) -> Iterator[Block]:
    run: list[LetterPassage] = []
    for part in annex.content:
        if isinstance(part, LetterPassage):
            run.append(part)
            continue
        # Points are counted up to the next table.
        yield from numbered(run, fitting, language)
        run = []
        if isinstance(part, BlankForm):
            yield from blank_blocks(form_of(part))
        elif isinstance(part, QrMark):
            yield _mark(part, fitting)
        else:
            yield _grid(part, fitting)
    yield from numbered(run, fitting, language)


def form_of(part: BlankForm) -> ReportFormDefinition:
    """Return the form that `part` names. Errors: E401, E402."""
    if part.definition:
        return read_form(part.definition.encode(), part.code)
    return shipped_form(part.code)


def _grid(table: LetterTable, fitting: TextFitter) -> DocumentTable:
    heads = tuple(fitting.line(head) for head in table.heads)
    rows = tuple(tuple(fitting.text(cell).strip() for cell in row) for row in table.rows)
    return DocumentTable(heads, rows, column_widths(heads, rows), column_aligns(rows, len(heads)))


def roman(number: int) -> str:
    """Return `number` in Roman numerals; 1 to 89."""
    written = ""
    for value, sign in _ROMAN:
        while number >= value:
            written += sign
            number -= value
    return written


_ROOM_LEFT = decree.points(decree.HEAD_COLUMNS_MM[0]) - 4


def compose_letter(letter: OfficialLetter, medium: Medium) -> DocumentContent:
    """Return the paper of `letter`; dotted blanks are left for a clerk.

    Errors: E422 when it cannot be printed as it is; E401, E402 for a form in an annex.
    """
    checked_letter(letter)
    start = opening(letter.head, letter.text.language)
    head, words, fitting = start.head, start.words, start.fitting
    number = _number(start)
    about = _about(letter, head, words, fitting)
    shared = AppendixContext(
        attached_line(head, number, words, medium),
        len(letter.annexes),
        words,
        letter.text.language,
    )
    return DocumentContent(
        title=about,
        head=start.lines(number),
        kind="",
        subject=(),
        subject_rule=0.0,
        about=balanced_lines(about, decree.SMALL_PT, _ROOM_LEFT),
        addressed=addressed_lines(tuple(map(bare, head.addressees)), words),
        blocks=tuple(_content(letter.text, fitting)),
        recipients_head=f"{words.recipients}:",
        recipients=tuple(listed(recipient_lines(letter.recipients, fitting, words))),
        signer_post=post_lines(letter.signer, head, fitting),
        signer_name=named_below(letter.signer, head, fitting),
        language=letter.text.language,
        stamp=start.stamp(letter.urgency),
        contact=tuple(fitting.line(line) for line in letter.contact),
        appendices=tuple(
            appendix(annex, place, shared, fitting) for place, annex in enumerate(letter.annexes, 1)
        ),
        mark=None
        if letter.mark is None or medium is not Medium.PAPER
        else _mark(letter.mark, fitting),
        proof=proof_of(letter.proof, fitting, coded=medium is Medium.PAPER),
        unfit=fitting.unfit,
        beyond=frozenset(fitting.beyond),
        house=start.house,
    )


def _about(
    letter: OfficialLetter, head: Letterhead, words: LetterheadWords, fitting: TextFitter
) -> str:
    subject = fitting.line(letter.text.subject)
    if head.is_party:
        # There it has no "V/v" before it (Hướng dẫn 36-HD/VPTW, Phụ lục 3, 5).
        return subject[:1].upper() + subject[1:]
    return f"{words.about} {subject}"


def _number(start: DocumentOpening) -> str:
    head, number = start.head, start.known_number
    code = dots(10) if head.code is None else code_of(head.code)
    if head.is_party:
        return numbered_as(number, party_notation("CV", code))
    # The drafting unit belongs into the code of a letter (Nghị định 30/2020, Phụ lục I, II.3).
    return f"{number}/{code if '-' in code else f'{code}-{dots(10)}'}"


def code_of(code: str) -> str:
    """Return the code of a document as the decree writes it: in capitals, no blanks at dashes."""
    return re.sub(r"\s*-\s*", "-", code.strip()).upper()


def _content(text: LetterText, fitting: TextFitter) -> list[Block]:
    blocks: list[Block] = []
    legal = [bare(fitting.line(line)) for line in text.legal if line.strip()]
    for place, line in enumerate(legal, 1):
        blocks.append(plain(ParagraphRole.LEGAL, line + ("." if place == len(legal) else ";")))
    basis = (fitting.line(line) for line in text.basis)
    blocks += [plain(ParagraphRole.LEAD, line) for line in basis if line]
    blocks += numbered(text.body, fitting, text.language)
    return ended(blocks)


def recipient_lines(
    recipients: tuple[str, ...], fitting: TextFitter, words: LetterheadWords
) -> tuple[str, ...]:
    """Return the recipients, "Như trên" first and the file last, as the decree has them."""
    names = [name for one in recipients if (name := bare(fitting.line(one)))]
    filed = [name for name in names if _is(name, f"{words.filed}:")]
    above = [name for name in names if _is(name, words.as_above)]
    others = [name for name in names if name not in filed and name not in above]
    return (*(above or [words.as_above]), *others, *(filed or [words.filed_at]))


def _is(name: str, word: str) -> bool:
    return name.casefold().startswith(word.casefold())


def bare(name: str) -> str:
    """Return a listed name without the dash before it and the full stop after it."""
    return name.strip().removeprefix("- ").rstrip(" ;,.")


def post_lines(
    signer: LetterSigner | None, head: Letterhead, fitting: TextFitter
) -> tuple[str, ...]:
    """Return the lines above the signer's name: those of capacity, then the own post."""
    if signer is None:
        post = dots(24) if head.signer_post is None else head.signer_post
        return tuple(post.upper().split("\n"))
    lines = [
        f"{capacity_words(one.capacity, head)} {fitting.line(one.of).upper()}"
        for one in signer.standing
    ]
    lines.append(dots(24) if signer.post is None else fitting.line(signer.post).upper())
    return tuple(lines)


def named_below(signer: LetterSigner | None, head: Letterhead, fitting: TextFitter) -> str:
    """Return the signer's name, dots where none is known yet."""
    name = head.signer_name if signer is None else signer.name
    return dots(24) if name is None else fitting.line(name)


def _mark(mark: QrMark, fitting: TextFitter) -> QrMark:
    return QrMark(mark.payload, fitting.line(mark.caption))
