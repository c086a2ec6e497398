"""Undoes the spellings that keep an indicator from being clicked: `hxxp`, `[.]`, `[chấm]`."""

import re
import unicodedata

LONGEST_VALUE = 4096
"""A longer text is never one indicator; in characters."""

# Full-width letters and signs (U+FF01 to U+FF5E) are ASCII moved by 0xFEE0.
_WIDE = {0xFF01 + step: 0x21 + step for step in range(0x5E)}
UNSEEN = dict.fromkeys(
    (0xAD, 0x61C, 0x180E, 0x2060, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F))
)
UNSEEN.update(dict.fromkeys(range(0x2066, 0x206A)))
ODD = {
    **_WIDE,
    **UNSEEN,
    **dict.fromkeys((0x3002, 0xFF61, 0x2024), 0x2E),
    **dict.fromkeys((0x2236, 0xA789), 0x3A),
    **dict.fromkeys((0xA0, 0x2007, 0x202F, 0x3000, 0x9), 0x20),
    **dict.fromkeys((0x3010, 0x3014, 0x2768), 0x5B),
    **dict.fromkeys((0x3011, 0x3015, 0x2769), 0x5D),
}
SIGNS = {
    "dot": ".",
    "d0t": ".",
    "chấm": ".",
    "cham": ".",
    "point": ".",
    "colon": ":",
    "slash": "/",
    "at": "@",
    "@": "@",
}
_WORDS = "|".join(SIGNS)
# Every repetition is bounded: a hostile row costs no more than its length.
_FENCED = re.compile(
    rf" {{0,2}}[\[({{<] {{0,2}}({_WORDS}|[.:/]{{1,3}}) {{0,2}}[\])}}>] {{0,2}}", re.IGNORECASE
)
_HALF_OPEN = re.compile(r"[\[({](\.)(?=[^\s\])}])")
_HALF_CLOSED = re.compile(r"(?<=[^\s\[({])(\.)[\])}]")
_FENCED_LABEL = re.compile(r"(?:\A|(?<=\.))[\[(](\w{2,12})[\])]")
_SPOKEN = re.compile(r"(?<=\w) (?:dot|chấm) (?=\w)", re.IGNORECASE)
_SPOKEN_ALONE = re.compile(r"[\w-]+(?: (?:dot|chấm) [\w-]+)+", re.IGNORECASE)
_SCHEME = re.compile(
    r"\A(?:h(?:xx|tt|xt|tx|\*\*|__|--)p(s?)|(f)[xt]p(s?)|meow)(?=:/)", re.IGNORECASE
)
_LOOSE_SCHEME = re.compile(
    r"\A(h(?:tt|xx|\*\*|__|--)ps?|f[tx]ps?) ?: ?[/\\] ?[/\\] ?", re.IGNORECASE
)
# "http://192,168,0,1" and "http://example,com/": a comma for every dot of the host.
_COMMA_HOST = re.compile(
    r"\A[a-z]{3,6}://[\w-]{1,63}(?:,[\w-]{1,63}){1,8}(?=[/:?#]|\Z)", re.IGNORECASE
)
_LONE_BRACKET = re.compile(r"(?<=://)\[(?=[^\]]{1,253}\Z)")
_OPEN, _CLOSE = "([{<\"'`“‘«", ")]}>\"'`”’»"
_TAIL = ".,;:!?…"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


def refang(text: str) -> str:
    """Return the single value that `text` writes, as a program would write it.

    Cost: linear in `text`, which is left alone beyond LONGEST_VALUE.
    """
    value = text.strip()
    if len(value) > LONGEST_VALUE:
        return value
    if not value.isascii() or "\t" in value:
        value = unicodedata.normalize("NFC", value).translate(ODD).strip()
    value = _unquoted(value)
    if _SPOKEN_ALONE.fullmatch(value):
        value = _SPOKEN.sub(".", value)
    value = value.replace("\\.", ".").replace("\\/", "/")
    value = _FENCED.sub(lambda found: _sign(found.group(1)), value)
    if not value.startswith("["):
        value = _HALF_OPEN.sub(r"\1", value)
        value = _HALF_CLOSED.sub(r"\1", value)
    value = _FENCED_LABEL.sub(r"\1", value)
    value = _SCHEME.sub(_true_scheme, _LOOSE_SCHEME.sub(r"\1://", value))
    value = _LONE_BRACKET.sub("", value)
    return _unquoted(_COMMA_HOST.sub(lambda found: found.group().replace(",", "."), value))


def _sign(inside: str) -> str:
    return SIGNS.get(inside.lower(), inside)


def _true_scheme(found: re.Match[str]) -> str:
    if found.group(2):
        return "ftp" + found.group(3).lower()
    return "http" + (found.group(1) or "").lower()


def _unquoted(text: str) -> str:
    """Return `text` without the quotes, brackets and full stops of the sentence around it."""
    value = text.strip()
    while value:
        if value[0] in _OPEN and value[-1] in _CLOSE and not _is_bracketed_address(value):
            value = value[1:-1].strip()
        elif value[-1] in _TAIL or (value[-1] in _CLOSE and not _closes(value)):
            value = value[:-1].rstrip()
        elif value[0] in _OPEN and not _opens(value):
            value = value[1:].lstrip()
        else:
            return value
    return value


def _is_bracketed_address(value: str) -> bool:
    return value[0] == "[" and value.count(":") > 1


def _closes(value: str) -> bool:
    """Return whether the last bracket of `value` closes one that `value` opens."""
    begin = _PAIRS.get(value[-1], "")
    return bool(begin) and value.count(begin) >= value.count(value[-1])


def _opens(value: str) -> bool:
    """Return whether the first sign of `value` is a bracket that `value` closes."""
    end = next((close for close, begin in _PAIRS.items() if begin == value[0]), "")
    return bool(end) and end in value
