"""The head of a letter: who issues it, its number, code, day, kind, subject and addressees."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quetsach.letters.kinds import ALONE, BODY, KINDS, OFFICIAL_LETTER, PARTY_LETTER
from quetsach.letters.lines import LetterLine, fold_accents, is_marked
from quetsach.letters.model import OpenQuestions, ReadField, ReadUrgency

NATION = re.compile(
    r"cong hoa xa hoi chu nghia viet nam|doc lap ?- ?tu do ?- ?hanh phuc|dang cong san viet nam"
)
PLACE_AND_DAY = re.compile(r", ?ngay ?[0-9. …_]{0,14}thang|ngay ?[. …_]{0,14}thang ?[. …_]{0,9}nam")
# A narrow column breaks the name of the State before its last words.
_RIGHT_COLUMN = re.compile(
    rf"{NATION.pattern}|[a-z][a-z .-]{{1,40}}, ?ngay[0-9 .…]*thang.{{0,30}}"
    r"|cong hoa xa hoi chu nghia(?: viet)?|(?:viet )?nam"
)
_COLUMN_LINES = 12
_NO_NAME = re.compile(
    rf"{NATION.pattern}|{PLACE_AND_DAY.pattern}|\As[o06] ?[:0-9/.-]|\Av/v|\Akinh gui"
    r"|\A\W?(?:hoa toc|thuong khan|khan)\W{0,3}\Z|\Aphu luc|\A(?:tm|kt|tl|tuq|t/m|k/t|t/l)[.: ]"
    r"|\A[ivx]{1,5}[.)] "
)
_BELOW_NAMES = re.compile(r"(?:\A| )s[o06] ?:|\As[o06] ?[0-9]{0,6} ?[-/]|\Av/v")
_NAMELESS = re.compile(r"uy ban nhan dan|hoi dong nhan dan|ubnd|hdnd|so|phong|bo|cuc")
_URGENCY = re.compile(r"\(?(hoa toc|thuong khan|khan)(?: hen gio)?\)?\W{0,3}\Z")
_KIND_NAMES = {fold_accents(name): name for name in KINDS.values()}
_ABOUT = re.compile(r"(?:\(?v/ ?v|ve viec)[: ]{0,3}")
_RULE = re.compile(r"[-–_*=. ]+\Z")
_LIST_END = re.compile(
    r"(?:thuc hien|can cu|theo |tiep |de |nham |ngay |chu tich .{0,60}co y kien|trong thoi gian"
    r"|vua qua|phuc dap|kinh gui|tra loi|hien nay)"
)
_BODY_START = re.compile(
    r"(?:thuc hien|can cu|tiep theo|nham |de |kinh gui|[0-9]{1,2}[.)] |[ivx]{1,4}[.)] |phan i"
    r"|ngay |uy ban nhan dan .{0,80}ban hanh|dieu 1|[^:]{20,300}:\Z)"
)
MOST_ADDRESSEES = 200


@dataclass(frozen=True)
class LetterParts:
    """A letter's lines by position; `title` is the place of its kind's name, if any."""

    head: tuple[LetterLine, ...]
    addressed: tuple[LetterLine, ...]
    title: int | None


def in_order(lines: Sequence[LetterLine]) -> list[LetterLine]:
    """Return the lines with those of the head's right column above "Kính gửi".

    A page in two columns is often read so that its left column extends too far.
    """
    start = next((n for n, one in enumerate(lines[:80]) if one.folded.startswith("kinh gui")), None)
    if start is None:
        return list(lines)
    near = lines[start : start + _COLUMN_LINES]
    late = [one for one in near if _RIGHT_COLUMN.fullmatch(one.folded)]
    kept = [one for one in near if not _RIGHT_COLUMN.fullmatch(one.folded)]
    return [*lines[:start], *late, *kept, *lines[start + _COLUMN_LINES :]]


def parts_of(lines: Sequence[LetterLine], body: int) -> LetterParts:
    """Return the lines above the body, those of the addressees apart."""
    head = lines[:body]
    start = next((n for n, one in enumerate(head) if one.folded.startswith("kinh gui")), None)
    title = next((n for n, one in enumerate(head) if _is_kind(one)), None)
    if start is None:
        return LetterParts(tuple(head), (), title)
    return LetterParts(tuple(head[:start]), tuple(head[start:]), title)


def body_start(lines: Sequence[LetterLine]) -> int:
    """Return the place of the first line of the body."""
    first = lines[:80]
    to = next((n for n, one in enumerate(first) if one.folded.startswith("kinh gui")), None)
    if to is None:
        after = next((n + 1 for n, one in enumerate(first) if _is_kind(one)), 0)
        starts = (
            n
            for n, one in enumerate(first)
            if n >= after and n > 0 and (_BODY_START.match(one.folded) or len(one.text) > 250)
        )
        return next(starts, min(len(lines), 40))
    return to + _addressed_lines(lines[to:])


def _addressed_lines(lines: Sequence[LetterLine]) -> int:
    """Return how many lines the list of addressees has, its head included."""
    listed = len(lines[0].folded.partition(":")[2].strip(" -")) == 0
    for n, line in enumerate(lines[1 : MOST_ADDRESSEES + 1], 1):
        before = lines[n - 1].text
        if re.match(r"[-+•–·*] ?", line.text):
            continue
        if _LIST_END.match(line.folded) or re.match(r"[0-9]{1,2}[.)] ", line.text):
            return n
        if before[-1:] in ".:" and not (n == 1 and listed):
            return n
        goes_on = line.text[:1].islower() or before.endswith((",", ";", " và"))
        if not goes_on and not (listed and n == 1) and not listed:
            return n
    return min(len(lines), MOST_ADDRESSEES + 1)


def _is_kind(line: LetterLine) -> bool:
    return line.folded in _KIND_NAMES and line.text.isupper()


def issuer_of(parts: LetterParts, opened: OpenQuestions) -> tuple[ReadField[str], ReadField[str]]:
    """Return the body that issues the letter, and the one above it."""
    names = _names(parts.head[: _names_end(parts)]) or _names(parts.head[: parts.title])
    if not names or _NAMELESS.fullmatch(names[-1].folded):
        missing: ReadField[str] = ReadField(question=opened.ask("issuer", "issuer"))
        return missing, ReadField()
    issuer = ReadField(names[-1].text, names[-1].source)
    if len(names) > 1:
        return issuer, ReadField(names[-2].text, names[-2].source)
    if ALONE.match(names[0].folded):
        return issuer, ReadField()
    return issuer, ReadField(question=opened.ask("parent", "parent", body=names[0].text))


def _names_end(parts: LetterParts) -> int:
    """Return the place of the number, the subject or the title: names of bodies are above it."""
    ends = (n for n, one in enumerate(parts.head) if _BELOW_NAMES.search(one.folded))
    end = next(ends, len(parts.head))
    return end if parts.title is None else min(end, parts.title)


def _names(head: Sequence[LetterLine]) -> list[LetterLine]:
    """Return the names of bodies in capitals, each with its continuation lines."""
    names: list[LetterLine] = []
    for line in head:
        if not _may_be_name(line):
            continue
        if BODY.match(line.folded) or not names:
            names.append(line)
        elif len(names[-1].text) < 200:
            names[-1] = replace(names[-1], text=f"{names[-1].text} {line.text}")
    return names if not names or BODY.match(names[0].folded) else names[1:]


def _may_be_name(line: LetterLine) -> bool:
    """Tell whether the line is of a body's name: in capitals, and nothing else that stands there.

    SỞ ... begins as the label of the number does.
    """
    letters = [sign for sign in line.text if sign.isalpha()]
    in_capitals = sum(map(str.isupper, letters)) > 0.85 * len(letters)
    return (
        in_capitals
        and len(letters) > 1
        and len(line.text) < 120
        and _NO_NAME.search(line.folded) is None
    )


def kind_of(parts: LetterParts, code: str | None, opened: OpenQuestions) -> ReadField[str]:
    """Return the kind of document, by its title and by its code."""
    title = parts.head[parts.title] if parts.title is not None else None
    by_code = _kind_of_code(code)
    if title is not None:
        name = _KIND_NAMES[title.folded]
        if by_code not in (None, name):
            facts = {"code": code, "title": title.text}
            return ReadField(
                source=title.source, question=opened.ask("kind", "kind-differs", **facts)
            )
        return ReadField(name, title.source)
    about = next((one for one in parts.head if _ABOUT.match(one.folded)), None)
    if by_code == OFFICIAL_LETTER or (about is not None and by_code is None):
        return ReadField(OFFICIAL_LETTER, None if about is None else about.source)
    if by_code is not None:
        return ReadField(by_code)
    return ReadField(question=opened.ask("kind", "kind"))


def _kind_of_code(code: str | None) -> str | None:
    if code is None:
        return None
    if code.split("/")[0] == PARTY_LETTER:
        return OFFICIAL_LETTER
    first = re.split(r"[-/]", re.sub(r"\A[0-9]{4}/", "", code))[0]
    return KINDS.get(first)


def subject_of(parts: LetterParts, opened: OpenQuestions) -> ReadField[str]:
    """Return what the letter is about, its lines joined."""
    start = next((n for n, one in enumerate(parts.head) if _ABOUT.match(one.folded)), None)
    if start is not None:
        lines = _subject_lines(parts.head[start:])
        words = " ".join(one.text for one in lines)
        match = _ABOUT.match(fold_accents(words))
        subject = _without_day(words[match.end() :].strip(" ()")) if match is not None else ""
    elif parts.title is not None:
        lines = _subject_lines(parts.head[parts.title + 1 :])
        words = subject = " ".join(one.text for one in lines)
    else:
        lines, words, subject = [], "", ""
    if not subject:
        return ReadField(question=opened.ask("subject", "subject"))
    return ReadField(subject, replace(lines[0], text=words).source)


def _without_day(subject: str) -> str:
    """Return the subject without place and day, where these ran into its line."""
    found = PLACE_AND_DAY.search(fold_accents(subject))
    if found is None:
        return subject
    words = subject[: found.start()].split()
    while words and words[-1][:1].isupper():
        words.pop()
    return " ".join(words)


def _subject_lines(lines: Sequence[LetterLine]) -> list[LetterLine]:
    subject_lines: list[LetterLine] = []
    for n, line in enumerate(lines[:12]):
        text = line.folded
        if n and (PLACE_AND_DAY.search(text) or NATION.search(text) or _RULE.match(text)):
            continue
        # A capital begins something new: a body's name, the words that lead the list of addressees.
        ends = is_marked(line) or _URGENCY.match(text) or _BODY_START.match(text)
        if n and (ends or (line.text.isupper() and not lines[0].text.isupper())):
            break
        subject_lines.append(line)
        if len(subject_lines) == 5 or line.text.endswith("."):
            break
    return subject_lines


def urgency_of(parts: LetterParts) -> ReadField[ReadUrgency]:
    """Return the degree of urgency that is stamped on it, if any."""
    for line in parts.head:
        match = _URGENCY.match(line.folded)
        if match is not None and line.text[:3].strip("(").isupper():
            return ReadField(
                next(degree for degree in ReadUrgency if fold_accents(degree) == match[1]),
                line.source,
            )
    return ReadField()


def addressees_of(
    parts: LetterParts, kind: str | None, opened: OpenQuestions
) -> ReadField[tuple[str, ...]]:
    """Return to whom the letter is addressed, one entry a line of its list."""
    names: list[str] = []
    for n, one in enumerate(parts.addressed):
        text = one.text
        if n == 0:
            text = text[8:].lstrip(" :.")
        elif not re.match(r"[-+•–·*] ?", text) and names and names[-1][-1:] not in ";.":
            names[-1] = f"{names[-1]} {text}"
            continue
        if text.strip(" -+•–·*"):
            names.append(text.lstrip(" -+•–·*"))
    cleaned = tuple(name.rstrip(" ;.,").strip() for name in names)
    if cleaned:
        return ReadField(cleaned, _whole(parts.addressed).source)
    if kind in (OFFICIAL_LETTER, "tờ trình", "công điện"):
        return ReadField(question=opened.ask("addressees", "addressees"))
    return ReadField()


def _whole(lines: Sequence[LetterLine]) -> LetterLine:
    return replace(lines[0], text=" ".join(one.text for one in lines))
