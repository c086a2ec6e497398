"""An official letter as the finished content of its paper: numbered, blanks dotted, ended."""

import re

from quetsach.documents import decree30 as decree
from quetsach.documents.document_proof import proof_of
from quetsach.documents.heading import Opening, capacity_words, numbered_as, opening
from quetsach.documents.letter import (
    LetterText,
    Medium,
    OfficialLetter,
    Signer,
    checked_letter,
)
from quetsach.documents.letter_annex import Attaching, appendix, attached_line
from quetsach.documents.letter_blocks import ended, numbered
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.paper import Block, Mark, Paper, Role, plain
from quetsach.documents.paper_lines import (
    Fitting,
    addressed_lines,
    dots,
    listed,
)
from quetsach.documents.party import party_notation
from quetsach.documents.times_width import balanced_lines
from quetsach.documents.wording import Head

_ROOM_LEFT = decree.points(decree.HEAD_COLUMNS_MM[0]) - 4


def compose_letter(letter: OfficialLetter, medium: Medium) -> Paper:
    """Return the paper of `letter`; dots stand where a clerk has still to write.

    Errors: E422 when it cannot be printed as it is; E401, E402 for a form in an annex.
    """
    checked_letter(letter)
    start = opening(letter.head, letter.text.language)
    head, words, fitting = start.head, start.words, start.fitting
    number = _number(start)
    about = _about(letter, head, words, fitting)
    shared = Attaching(
        attached_line(head, number, words, medium),
        len(letter.annexes),
        words,
        letter.text.language,
    )
    return Paper(
        title=about,
        head=start.lines(number),
        kind="",
        subject=(),
        subject_rule=0.0,
        about=balanced_lines(about, decree.SMALL_PT, _ROOM_LEFT),
        addressed=addressed_lines(tuple(map(bare, head.addressees)), words),
        blocks=tuple(_content(letter.text, fitting)),
        recipients_head=f"{words.recipients}:",
        recipients=tuple(listed(told(letter.recipients, fitting, words))),
        signer_post=post_lines(letter.signer, head, fitting),
        signer_name=named_below(letter.signer, head, fitting),
        language=letter.text.language,
        stamp=start.stamp(letter.urgency),
        contact=tuple(fitting.line(line) for line in letter.contact),
        appendices=tuple(
            appendix(annex, place, shared, fitting) for place, annex in enumerate(letter.annexes, 1)
        ),
        mark=_mark(letter.mark, fitting) if medium is Medium.PAPER else None,
        proof=proof_of(letter.proof, fitting, coded=medium is Medium.PAPER),
        unfit=fitting.unfit,
        beyond=frozenset(fitting.beyond),
        house=start.house,
    )


def _about(letter: OfficialLetter, head: Letterhead, words: Head, fitting: Fitting) -> str:
    subject = fitting.line(letter.text.subject)
    if head.is_party:
        # It stands alone there, without "V/v" (Hướng dẫn 36-HD/VPTW, Phụ lục 3, 5).
        return subject[:1].upper() + subject[1:]
    return f"{words.about} {subject}"


def _number(start: Opening) -> str:
    head, number = start.head, start.known_number
    code = dots(10) if head.code is None else code_of(head.code)
    if head.is_party:
        return numbered_as(number, party_notation("CV", code))
    # The drafting unit belongs into the code of a letter (Nghị định 30/2020, Phụ lục I, II.3).
    return f"{number}/{code if '-' in code else f'{code}-{dots(10)}'}"


def code_of(code: str) -> str:
    """Return the code of a document as the decree writes it: in capitals, no blanks at dashes."""
    return re.sub(r"\s*-\s*", "-", code.strip()).upper()


def _content(text: LetterText, fitting: Fitting) -> list[Block]:
    blocks: list[Block] = []
    legal = [bare(fitting.line(line)) for line in text.legal if line.strip()]
    for place, line in enumerate(legal, 1):
        blocks.append(plain(Role.LEGAL, line + ("." if place == len(legal) else ";")))
    basis = (fitting.line(line) for line in text.basis)
    blocks += [plain(Role.LEAD, line) for line in basis if line]
    blocks += numbered(text.body, fitting, text.language)
    return ended(blocks)


def told(recipients: tuple[str, ...], fitting: Fitting, words: Head) -> tuple[str, ...]:
    """Return who is told, with "Như trên" first and the file last, as the decree has them."""
    names = [name for one in recipients if (name := bare(fitting.line(one)))]
    filed = [name for name in names if _is(name, f"{words.filed}:")]
    above = [name for name in names if _is(name, words.as_above)]
    others = [name for name in names if name not in filed and name not in above]
    return (*(above or [words.as_above]), *others, *(filed or [words.filed_at]))


def _is(name: str, word: str) -> bool:
    return name.casefold().startswith(word.casefold())


def bare(name: str) -> str:
    """Return a listed name without the dash before it and the stop behind it."""
    return name.strip().removeprefix("- ").rstrip(" ;,.")


def post_lines(signer: Signer | None, head: Letterhead, fitting: Fitting) -> tuple[str, ...]:
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


def named_below(signer: Signer | None, head: Letterhead, fitting: Fitting) -> str:
    """Return the signer's name, dots where nobody is named yet."""
    name = head.signer_name if signer is None else signer.name
    return dots(24) if name is None else fitting.line(name)


def _mark(mark: Mark | None, fitting: Fitting) -> Mark | None:
    return None if mark is None else Mark(mark.payload, fitting.line(mark.caption))
