"""The foot of a letter: who receives it, where it is kept, who signed and by what right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quetsach.letters.lines import LetterLine, fold_accents
from quetsach.letters.model import OpenQuestions, ReadCapacity, ReadField, ReadSigner

MOST_RECIPIENTS = 200

_CAPACITY = re.compile(r"(?P<code>tuq|tm|kt|tl|q|t/m|k/t|t/l|t/uq)[.:]? ?(?P<whom>[a-z].*)?\Z")
_POSTS = (
    r"(?:pho |quyen )?(?:chu tich|cuc truong|giam doc|bo truong|thu truong|chanh van phong|truong"
    r"|tong giam doc|bi thu|chu nhiem|hieu truong|vien truong|chanh thanh tra|uy vien|thu tuong"
    r"|tong cuc truong|vu truong|thuong truc|chi cuc truong|doi truong|pho)(?![a-z])"
)
_POST = re.compile(_POSTS)
_ITEM = re.compile(r"[-+•–·*] ?(?=\S)")
_FILED = re.compile(r"[-+•–·*]? ?luu ?:? ?(?=\S)")
_ITEM_AND_MORE = re.compile(
    r"(?P<item>[-+•–·*] ?[^;]{1,120}(?:;|\.(?= ?\Z| [A-ZĐ])))(?P<more> .*)?"
)
_NOT_A_NAME = re.compile(
    r"\(|da ky|ky boi|nguoi ky|phu luc|noi nhan|ngay |thoi gian|so |email|co quan|dien tu|luu"
)
_NAME = re.compile(r"[^\W\d_]{1,12}(?: [^\W\d_]{1,12}){1,6}")
# Degrees, and the ranks of police and army, precede a name and are no part of it.
_DEGREE = re.compile(
    r"(?:(?:gs|pgs|ts|ths|bs|ks|dr|mr|mrs|ms)\. ?){1,4}(?=[a-z])"
    r"|(?:dai|thuong|trung|thieu) (?:tuong|ta|uy) (?=[a-z])"
)
_RIGHT = re.compile(r" (?=(?:TM|KT|TL|TUQ|Q|T/M|K/T|T/L)\. ?[A-ZĐ])")


def foot_start(lines: Sequence[LetterLine]) -> int:
    """Return the place where the foot begins; the number of lines where there is none."""
    for n, one in enumerate(lines):
        if one.folded.startswith("noi nhan") or _is_capacity(one):
            return n
    start = next((n for n, one in enumerate(lines) if n and _is_signed(lines[n : n + 5])), None)
    return len(lines) if start is None else start


def _is_capacity(line: LetterLine) -> bool:
    match = _CAPACITY.match(line.folded)
    return (
        match is not None
        and line.text.isupper()
        and (match["whom"] is not None)
        and len(line.text) < 120
        and line.text[match.end("code")] in ".: "
    )


def _is_signed(lines: Sequence[LetterLine]) -> bool:
    """Tell whether the lines begin with a post and have a name below it."""
    return _is_post(lines[0]) and any(_name(one) is not None for one in lines[1:])


def _is_post(line: LetterLine) -> bool:
    return line.text.isupper() and len(line.text) < 80 and _POST.match(line.folded) is not None


def columns(foot: Sequence[LetterLine]) -> tuple[list[str], list[LetterLine]]:
    """Return the foot's left column, an entry an item, and the lines of its right column."""
    items: list[str] = []
    right: list[LetterLine] = []
    listing = False
    for line in foot:
        text = line.text
        if line.folded.startswith("noi nhan"):
            listing, text = True, text[8:].lstrip(" :")
        text = _split(text, items) if listing else text
        if not text:
            continue
        inside = items and items[-1][-1:] not in ";." and not text[:1].isupper()
        if listing and inside and not right:
            items[-1] = f"{items[-1]} {text}"
        elif listing and text.endswith(";") and not right and not text.isupper():
            # The page parted an item from its dash.
            items.append(text)
        else:
            right.append(LetterLine(text, line.place))
    return items[:MOST_RECIPIENTS], right


def _split(text: str, items: list[str]) -> str:
    """Move the item that a line begins with to `items`; return the rest of the line."""
    if not _ITEM.match(text) and not _FILED.match(fold_accents(text)):
        return text
    column = _RIGHT.search(text)
    if column is not None:
        items.append(text[: column.start()])
        return text[column.end() :]
    match = _ITEM_AND_MORE.match(text)
    if match is None or not (match["more"] or "").strip():
        items.append(text)
        return ""
    items.append(match["item"])
    more = match["more"].strip()
    return _split(more, items) if _ITEM.match(more) else more


def recipients_of(
    foot: Sequence[LetterLine], opened: OpenQuestions
) -> tuple[ReadField[tuple[str, ...]], ReadField[str]]:
    """Return who receives the letter, and where it is kept."""
    items, _right = columns(foot)
    start = next((one for one in foot if one.folded.startswith("noi nhan")), None)
    names: list[str] = []
    filed: str | None = None
    for item in items:
        kept = _FILED.match(fold_accents(item))
        name = (item[kept.end() :] if kept else item.lstrip("-+•–·* ")).strip(" ;,./")
        if kept:
            filed = name
        elif name:
            names.append(name)
    source = None if start is None else start.source
    if not names:
        missing: ReadField[tuple[str, ...]] = ReadField(
            question=opened.ask("recipients", "recipients")
        )
        return missing, ReadField(filed, source) if filed else ReadField()
    return ReadField(tuple(names), source), ReadField(filed, source) if filed else ReadField()


def signer_of(foot: Sequence[LetterLine], opened: OpenQuestions) -> ReadSigner:
    """Return who signed, with post and capacity."""
    _items, right = columns(foot)
    capacity: ReadField[ReadCapacity] = ReadField()
    behalf: list[LetterLine] = []
    posts: list[LetterLine] = []
    name: ReadField[str] = ReadField()
    for line in right[:40]:
        if _is_capacity(line):
            match = _CAPACITY.match(line.folded)
            assert match is not None
            # TM. ỦY BAN NHÂN DÂN, then KT. CHỦ TỊCH: the last one is the signer's own.
            code = match["code"].replace("/", "").upper()
            capacity = ReadField(ReadCapacity(code), line.source)
            behalf.append(LetterLine(line.at(*match.span("whom")), line.place))
            posts = []
        elif line.text.isupper() and len(line.text) < 100 and not _NOT_A_NAME.match(line.folded):
            posts.append(line)
        elif (posts or behalf) and (words := _name(line)) is not None:
            name = ReadField(words, line.source)
            break
    if name.value is None:
        name = ReadField(question=opened.ask("signer", "signer"))
    return _signer(name, capacity, posts=posts, behalf=behalf, opened=opened)


def _signer(
    name: ReadField[str],
    capacity: ReadField[ReadCapacity],
    *,
    posts: list[LetterLine],
    behalf: list[LetterLine],
    opened: OpenQuestions,
) -> ReadSigner:
    whom = "; ".join(one.text for one in behalf)
    if capacity.value is ReadCapacity.Q and not posts:
        # Q. CỤC TRƯỞNG: acting in the post that is named.
        posts, whom = behalf[-1:], ""
    post = " ".join(one.text for one in posts)
    position = (
        ReadField(post, posts[0].source)
        if post
        else ReadField[str](question=opened.ask("signer.position", "position"))
    )
    if capacity.value is None and post:
        capacity = ReadField(ReadCapacity.DIRECT, posts[0].source)
    on_behalf: ReadField[str] = ReadField(whom, behalf[0].source) if whom else ReadField()
    return ReadSigner(name, position, capacity, on_behalf)


def _name(line: LetterLine) -> str | None:
    text = line.text
    degree = _DEGREE.match(line.folded)
    if degree is not None:
        text = text[degree.end() :]
    if _NOT_A_NAME.match(line.folded) or _NAME.fullmatch(text) is None:
        return None
    words = text.split()
    return text if all(word[0].isupper() for word in words) and not text.isupper() else None


# The head and foot of a letter in English, as best they can be read.

_REF = re.compile(r"(?:our )?ref(?:erence|\.)?(?: no\.?)?[ :.]{1,3}(?P<ref>\S{1,60})")
_NUMBER = re.compile(
    r"([0-9]{1,6})[/-]([a-z][a-z0-9&/-]{0,40})\Z|([a-z][a-z0-9&/-]{0,40})[/-]([0-9]{1,6})\Z"
)
_SUBJECT = re.compile(r"(?:subject|re) ?: ?(?=\S)")
_TO = re.compile(r"(?:to ?: ?|dear )(?=\S)")
_END = re.compile(r"(?:yours|sincerely|faithfully|best regards|kind regards|on behalf)")


@dataclass(frozen=True)
class EnglishLetter:
    """What was found of an English letter."""

    number: ReadField[str]
    code: ReadField[str]
    subject: ReadField[str]
    addressees: ReadField[tuple[str, ...]]
    issuer: ReadField[str]
    signer: ReadSigner
    body: tuple[LetterLine, ...]
    head: tuple[LetterLine, ...]


def read_english(lines: Sequence[LetterLine], opened: OpenQuestions) -> EnglishLetter:
    """Return the parts of an English letter."""
    dear = next((n for n, one in enumerate(lines) if one.folded.startswith("dear ")), 0)
    ends = (n for n, one in enumerate(lines) if n > dear and _END.match(one.folded))
    end = next(ends, len(lines))
    head = lines[: dear + 1]
    number, code = _reference(head, opened)
    return EnglishLetter(
        number=number,
        code=code,
        subject=_first(lines[: dear + 4], _SUBJECT, "subject", opened),
        addressees=_addressees(head, opened),
        issuer=_issuer(head, opened),
        signer=_english_signer(lines[end + 1 :], opened),
        body=tuple(lines[dear + 1 : end]),
        head=tuple(head),
    )


def _reference(
    head: Sequence[LetterLine], opened: OpenQuestions
) -> tuple[ReadField[str], ReadField[str]]:
    for line in head:
        match = _REF.match(line.folded)
        parts = _NUMBER.match(match["ref"]) if match is not None else None
        if match is None or parts is None:
            continue
        start = match.start("ref")
        number, code = (1, 2) if parts[1] is not None else (4, 3)
        return (
            ReadField(line.at(start + parts.start(number), start + parts.end(number)), line.source),
            ReadField(line.at(start + parts.start(code), start + parts.end(code)), line.source),
        )
    missing: ReadField[str] = ReadField(question=opened.ask("number", "number"))
    return missing, ReadField(question=opened.ask("code", "code"))


def _first(
    lines: Sequence[LetterLine], pattern: re.Pattern[str], field: str, opened: OpenQuestions
) -> ReadField[str]:
    for one in lines:
        found = pattern.match(one.folded)
        if found is not None:
            return ReadField(one.text[found.end() :].strip(), one.source)
    return ReadField(question=opened.ask(field, field))


def _addressees(head: Sequence[LetterLine], opened: OpenQuestions) -> ReadField[tuple[str, ...]]:
    found = [(one, to) for one in head if (to := _TO.match(one.folded)) is not None]
    if not found:
        return ReadField(question=opened.ask("addressees", "addressees"))
    line, to = found[0]
    return ReadField((line.text[to.end() :].strip(" ,:;"),), line.source)


def _issuer(head: Sequence[LetterLine], opened: OpenQuestions) -> ReadField[str]:
    first = head[0] if head else None
    if first is None or ":" in first.text or re.search(r"[0-9]", first.text):
        return ReadField(question=opened.ask("issuer", "issuer"))
    return ReadField(first.text, first.source)


def _english_signer(lines: Sequence[LetterLine], opened: OpenQuestions) -> ReadSigner:
    name = next(
        (one for one in lines[:4] if re.fullmatch(r"[^\W\d_. ][\w. -]{3,60}", one.text)), None
    )
    if name is None:
        return ReadSigner(
            ReadField(question=opened.ask("signer", "signer")),
            ReadField(),
            ReadField(),
            ReadField(),
        )
    after = lines[lines.index(name) + 1 :][:1]
    position: ReadField[str] = ReadField(after[0].text, after[0].source) if after else ReadField()
    return ReadSigner(
        ReadField(name.text, name.source), position, ReadField(ReadCapacity.DIRECT), ReadField()
    )
