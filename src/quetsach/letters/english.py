"""The head and foot of a letter in English, as best they can be read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quetsach.letters.lines import Line
from quetsach.letters.model import Capacity, Found, Signer
from quetsach.letters.questions import Open

_REF = re.compile(r"(?:our )?ref(?:erence|\.)?(?: no\.?)?[ :.]{1,3}(?P<ref>\S{1,60})")
_NUMBER = re.compile(
    r"([0-9]{1,6})[/-]([a-z][a-z0-9&/-]{0,40})\Z|([a-z][a-z0-9&/-]{0,40})[/-]([0-9]{1,6})\Z"
)
_SUBJECT = re.compile(r"(?:subject|re) ?: ?(?=\S)")
_TO = re.compile(r"(?:to ?: ?|dear )(?=\S)")
_END = re.compile(r"(?:yours|sincerely|faithfully|best regards|kind regards|on behalf)")


@dataclass(frozen=True)
class English:
    """What was found of an English letter."""

    number: Found[str]
    code: Found[str]
    subject: Found[str]
    addressees: Found[tuple[str, ...]]
    issuer: Found[str]
    signer: Signer
    body: tuple[Line, ...]
    head: tuple[Line, ...]


def read_english(lines: Sequence[Line], opened: Open) -> English:
    """Return the parts of an English letter."""
    dear = next((n for n, one in enumerate(lines) if one.folded.startswith("dear ")), 0)
    ends = (n for n, one in enumerate(lines) if n > dear and _END.match(one.folded))
    end = next(ends, len(lines))
    head = lines[: dear + 1]
    number, code = _reference(head, opened)
    return English(
        number=number,
        code=code,
        subject=_first(lines[: dear + 4], _SUBJECT, "subject", opened),
        addressees=_addressees(head, opened),
        issuer=_issuer(head, opened),
        signer=_signer(lines[end + 1 :], opened),
        body=tuple(lines[dear + 1 : end]),
        head=tuple(head),
    )


def _reference(head: Sequence[Line], opened: Open) -> tuple[Found[str], Found[str]]:
    for one in head:
        found = _REF.match(one.folded)
        parts = _NUMBER.match(found["ref"]) if found is not None else None
        if found is None or parts is None:
            continue
        start = found.start("ref")
        number, code = (1, 2) if parts[1] is not None else (4, 3)
        return (
            Found(one.at(start + parts.start(number), start + parts.end(number)), one.source),
            Found(one.at(start + parts.start(code), start + parts.end(code)), one.source),
        )
    missing: Found[str] = Found(question=opened.ask("number", "number"))
    return missing, Found(question=opened.ask("code", "code"))


def _first(lines: Sequence[Line], pattern: re.Pattern[str], field: str, opened: Open) -> Found[str]:
    for one in lines:
        found = pattern.match(one.folded)
        if found is not None:
            return Found(one.text[found.end() :].strip(), one.source)
    return Found(question=opened.ask(field, field))


def _addressees(head: Sequence[Line], opened: Open) -> Found[tuple[str, ...]]:
    found = [(one, to) for one in head if (to := _TO.match(one.folded)) is not None]
    if not found:
        return Found(question=opened.ask("addressees", "addressees"))
    line, to = found[0]
    return Found((line.text[to.end() :].strip(" ,:;"),), line.source)


def _issuer(head: Sequence[Line], opened: Open) -> Found[str]:
    first = head[0] if head else None
    if first is None or ":" in first.text or re.search(r"[0-9]", first.text):
        return Found(question=opened.ask("issuer", "issuer"))
    return Found(first.text, first.source)


def _signer(lines: Sequence[Line], opened: Open) -> Signer:
    name = next(
        (one for one in lines[:4] if re.fullmatch(r"[^\W\d_. ][\w. -]{3,60}", one.text)), None
    )
    if name is None:
        return Signer(Found(question=opened.ask("signer", "signer")), Found(), Found(), Found())
    after = lines[lines.index(name) + 1 :][:1]
    position: Found[str] = Found(after[0].text, after[0].source) if after else Found()
    return Signer(Found(name.text, name.source), position, Found(Capacity.DIRECT), Found())
