"""What OCR read is a proposal: taken only where two passes agree and no sign looks like another."""

import re
from collections.abc import Iterable, Iterator

from quetsach.indicators.formats.contract import ListRow
from quetsach.indicators.formats.passages import DocumentContext
from quetsach.indicators.options import ListOptions
from quetsach.indicators.text.defang import refang_text
from quetsach.indicators.text.in_text import find_indicators
from quetsach.indicators.values import parse_value, with_port

# OCR confuses 0 and O, 1 and l, 5 and S, 8 and B.
_MISREAD = re.compile(
    r"(?<![\w.])[0-9lIoOSB]{1,3}(?:[.,][0-9lIoOSB]{1,3}){3}(?![\w.])"
    r"|(?<!\w)(?=\D{0,12}\d)(?=\S{0,63}[g-zG-Z])(?:[0-9a-fA-FlIoOSZ]{64}|[0-9a-fA-FlIoOSZ]{40}"
    r"|[0-9a-fA-FlIoOSZ]{32})(?!\w)"
)
_LETTER = re.compile("[lIoOSZB]")
# Of "203.0.113.1" another typeface gave "2020,173.1". Days and thousands are none.
_FIGURES = re.compile(r"(?<![\w.,:/-])[0-9lIoOSB]{1,8}(?:[.,:;][0-9lIoOSB]{1,8}){2,5}(?![\w.,:/-])")
_DAY_OR_THOUSANDS = re.compile(
    r"[0-3]?[0-9][.,][01]?[0-9][.,](?:19|20)?[0-9]{2}|[0-9]{1,3}(?:[.,][0-9]{3})+(?:[.,][0-9]{1,2})?"
    r"|[0-2]?[0-9](?::[0-5][0-9]){2}"
)
_FEWEST_DIGITS = 6
# "bad.examp1e", "update,kms.example": what is left of a name.
_NAME_LIKE = re.compile(
    r"(?<![\w@./-])(?=[\w.,-]{0,60}[a-z0-9])[a-z0-9][a-z0-9-]{1,62}(?:\.[a-z0-9][a-z0-9-]{0,62}){1,6}"
    r"(?![\w@/-])"
)
_LOOK_ALIKE = re.compile(r"[a-z][0158]|[0158][a-z]", re.IGNORECASE)
# Two passes may fall for the same shape: "mail1" as "maill", "11" for "1l", "[.]" as "J".
_SAME_SHAPE = re.compile(
    r"[lI1|]{2}|[oO0]{2}|(?:^|\.)[0-9]+\.|[a-z][A-Z]|^[JILT][a-z]|\.[A-Z](?![A-Z])|rn\b|vv|vw|wv"
)
_HASH = re.compile(r"[0-9a-fA-F]{32,64}")
_ADDRESS = re.compile(r"[0-9.:/ -]+")


def misread_values(text: str, options: ListOptions) -> Iterator[str]:
    """Yield what in a line read by OCR may be the rest of a value that was misread."""
    plain = refang_text(text).text
    whole_values = {indicator.value for indicator in find_indicators(text, options)}
    yielded: set[str] = set()
    for pattern, is_rest in (
        (_MISREAD, lambda word: _LETTER.search(word) is not None),
        (_FIGURES, _may_be_address),
        (_NAME_LIKE, _may_be_name),
    ):
        for match in pattern.finditer(plain):
            word = match.group()
            if word in yielded or any(word in value for value in whole_values) or not is_rest(word):
                continue
            yielded.add(word)
            yield word


def _may_be_address(word: str) -> bool:
    if _DAY_OR_THOUSANDS.fullmatch(word):
        return False
    return sum(sign.isalnum() for sign in word) >= _FEWEST_DIGITS


def _may_be_name(word: str) -> bool:
    labels = word.split(".")
    return any(sign.isalpha() for sign in labels[-1]) and all(len(label) > 1 for label in labels)


def keys_of(rows: Iterable[ListRow], options: ListOptions) -> frozenset[str]:
    """Return the keys of all values in `rows`, taken or refused, with their ports."""
    return frozenset(key for list_row in rows for key in _keys(list_row, options))


def _keys(list_row: ListRow, options: ListOptions) -> Iterator[str]:
    for parsed in parse_value(list_row.value, options).values:
        yield with_port(parsed, list_row.port).key


def is_proposal(list_row: ListRow, text: str, document: DocumentContext) -> bool:
    """Return whether a person must compare the value with the picture before it counts.

    Shapes: `text` is that of the line in which the value was read.
    """
    written = list_row.value
    if document.seen_again is not None:
        keys = set(_keys(list_row, document.options))
        if not keys or not keys <= document.seen_again:
            return True
    if not _stands_free(written, refang_text(text).text):
        return True
    if _HASH.fullmatch(written) or _ADDRESS.fullmatch(written):
        return False
    bare = written.partition("://")[2] or written
    return bool(_LOOK_ALIKE.search(bare) or _SAME_SHAPE.search(bare))


def _stands_free(value: str, text: str) -> bool:
    """Return whether blanks or marks of a sentence part the value: of `x[.|bad.example` is left."""
    return (
        re.search(rf"(?<![^\s(\"'“‘«•*-]){re.escape(value)}(?![^\s,;.)\"'”’»])", text) is not None
    )
