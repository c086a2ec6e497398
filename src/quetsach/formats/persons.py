"""Persons in a line: accounts, mail addresses, names of users; masked where findings leave a unit.

What a dialect calls a person is one; so is what stands behind the usual keys of an account, a
mail address, and an account with its domain. A mask never takes away an address, a name asked for
or a time: these are what the line is shown for.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from quetsach.formats.line_forms import DialectLine, accounts_of, form_of
from quetsach.formats.shared.peeling import peel

MASK = "***"
_SHORTEST = 2
_KEYS = (
    r"user|username|user_name|usr|usrname|suser|duser|srcuser|dstuser|src_user|dst_user|unauthuser"
    r"|authuser|xauthuser|login|logon|account|accountname|email|mail|mailfrom|rcptto|sender"
    r"|recipient|targetusername|subjectusername|user\.name|source\.user\.name|cs-username|owner|fullname"
    r"|display_?name|cn1|deviceowner|identity"
)
_KEYED = re.compile(
    rf"(?i)(?<![\w.\-])(?:{_KEYS})\\?[\"']?\s{{0,2}}[=:]\s{{0,2}}"
    r"(?:\\?\"([^\"\\]{2,128}(?:\\\\?[^\"\\]{1,64})?)\\?\"|'([^']{2,128})'|([^\s\",;|&'\])}]{2,128}))"
)
# "người dùng: Nguyễn Văn A (nguyen.van.a)": words with a capital, then the account.
_VIETNAMESE = re.compile(
    r"(?:[Nn]gười (?:dùng|sử dụng)|[Tt]ài khoản|[Hh]ọ (?:và )?tên|[Cc]án bộ|[Nn]hân viên)"
    r"\s{0,2}[:=]\s{0,2}((?:[^\W\d_a-z][^\W\d_]{0,24}\s?){0,6})(?:\(([\w.\-]{2,64})\)|([\w.\-]{2,64}))?"
)
_MAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,7}\.[A-Za-z]{2,24}(?![\w\-])"
)
_ACCOUNT = re.compile(r"(?<![\w\\:.])[A-Za-z][\w.\-]{0,31}\\{1,2}[\w.$\-]{1,64}(?![\\\w])")
_HOME = re.compile(
    r"(?i)[\\/]{1,2}(?:Users|Documents and Settings|home)[\\/]{1,2}([^\\/\"<>|:]{1,64})"
)
_NO_PERSON = re.compile(
    r"[\d.:\[\]/%*#\-]+|[a-z]{1,8}://.*|true|false|null|none|n/a|-|unknown"
    r"|(?:in|out)bound|any|local|system|nt authority.*",
    re.IGNORECASE,
)


def persons_in(line: bytes) -> list[str]:
    """Return what names a person in `line`, the longest first."""
    layers = peel(line, UTC, None)
    names: set[str] = set()
    form = form_of(layers)
    if isinstance(form, DialectLine):
        from quetsach.formats.dialects.reading import tokens_of

        layer = next(layer for layer in layers if form.takes(layer))
        tokens = tokens_of(form.dialect, layer)
        for name in form.dialect.persons:
            names |= set(_texts(tokens.get(name)))
    for layer in layers:
        names |= accounts_of(layer)
    text = line.decode("utf-8", "backslashreplace")
    names |= {next(filter(None, groups), "") for groups in _KEYED.findall(text)}
    names |= {name for groups in _VIETNAMESE.findall(text) for name in groups}
    names |= {*_MAIL.findall(text), *_ACCOUNT.findall(text), *_HOME.findall(text)}
    persons = {one.strip() for one in names}
    return sorted(
        (one for one in persons if len(one) >= _SHORTEST and not _NO_PERSON.fullmatch(one)),
        key=lambda one: (-len(one), one),
    )


def _texts(written: Any) -> Iterable[str]:
    if isinstance(written, str):
        return [part for part in re.split(r",\s?", written) if part]
    if isinstance(written, list):
        return [one for one in written if isinstance(one, str)]
    return []


def masked(text: str, persons: Iterable[str]) -> str:
    """Return `text` with each of `persons` masked, where it stands as a word of its own."""
    for person in persons:
        if person in text:
            text = re.sub(rf"(?<!\w){re.escape(person)}(?!\w)", MASK, text)
    return text


KEPT = (
    "source.ip",
    "destination.ip",
    "dns.question.name",
    "url.domain",
    "host.name",
    "event.dataset",
)
"""Fields that say which machine and which name it was: never masked."""


def masked_row(fields: Mapping[str, Any], line: bytes) -> dict[str, Any]:
    """Return a row of fields read from `line` with its persons masked in every text."""
    persons = persons_in(line)
    if not persons:
        return dict(fields)
    return {
        field: masked(value, persons) if isinstance(value, str) and field not in KEPT else value
        for field, value in fields.items()
    }
