"""Refanging: undoes spellings that prevent a click, such as `hxxp`, `[.]`, `[chấm]`."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

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
    **dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x9), 0x20),
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
    """Return the single value `text` without defanging.

    Cost: linear in `text`, which is left alone beyond LONGEST_VALUE.
    """
    refanged = text.strip()
    if len(refanged) > LONGEST_VALUE:
        return refanged
    if not refanged.isascii() or "\t" in refanged:
        refanged = unicodedata.normalize("NFC", refanged).translate(ODD).strip()
    refanged = _unquoted(refanged)
    if _SPOKEN_ALONE.fullmatch(refanged):
        refanged = _SPOKEN.sub(".", refanged)
    refanged = refanged.replace("\\.", ".").replace("\\/", "/")
    refanged = _FENCED.sub(lambda match: _sign(match.group(1)), refanged)
    if not refanged.startswith("["):
        refanged = _HALF_OPEN.sub(r"\1", refanged)
        refanged = _HALF_CLOSED.sub(r"\1", refanged)
    refanged = _FENCED_LABEL.sub(r"\1", refanged)
    refanged = _SCHEME.sub(_true_scheme, _LOOSE_SCHEME.sub(r"\1://", refanged))
    refanged = _LONE_BRACKET.sub("", refanged)
    return _unquoted(_COMMA_HOST.sub(lambda match: match.group().replace(",", "."), refanged))


def _sign(inside: str) -> str:
    return SIGNS.get(inside.lower(), inside)


def _true_scheme(match: re.Match[str]) -> str:
    if match.group(2):
        return "ftp" + match.group(3).lower()
    return "http" + (match.group(1) or "").lower()


def _unquoted(text: str) -> str:
    """Return `text` without the quotes, brackets and full stops of the sentence around it."""
    bare = text.strip()
    while bare:
        if bare[0] in _OPEN and bare[-1] in _CLOSE and not _is_bracketed_address(bare):
            bare = bare[1:-1].strip()
        elif bare[-1] in _TAIL or (bare[-1] in _CLOSE and not _closes(bare)):
            bare = bare[:-1].rstrip()
        elif bare[0] in _OPEN and not _opens(bare):
            bare = bare[1:].lstrip()
        else:
            return bare
    return bare


def _is_bracketed_address(text: str) -> bool:
    return text[0] == "[" and text.count(":") > 1


def _closes(text: str) -> bool:
    """Return whether the last bracket of `text` closes one that `text` opens."""
    begin = _PAIRS.get(text[-1], "")
    return bool(begin) and text.count(begin) >= text.count(text[-1])


def _opens(text: str) -> bool:
    """Return whether the first sign of `text` is a bracket that `text` closes."""
    end = next((close for close, begin in _PAIRS.items() if begin == text[0]), "")
    return bool(end) and end in text


# Characters that replace one other character are replaced one by one, so that no position moves.
_ONE_FOR_ONE = {
    code: sign for code, sign in ODD.items() if code not in UNSEEN and sign not in (None, 0x2E)
} | dict.fromkeys((0xFE52, 0xFF0E), 0x2E)
_UNSEEN = "".join(map(chr, UNSEEN))
# Spoken words between blanks are left alone unless a common ending follows: "red dot in", and
# "chấm" (to mark) is an everyday word.
_COMMON = "com|net|org|vn|info|biz|xyz|ru|cn|top|site|online|io|club|icu|cc|tk|pw|example"
_DEFANGED_TEXT_WORDS = "|".join(re.escape(word) for word in SIGNS)
_SCHEMES = r"h(?:tt|xx|xt|tx|\*\*|__|--)ps?|f[tx]ps?|meow"
_TRIGGER = re.compile(
    rf"[\[({{<\\{_UNSEEN}\u3002\uff61\u2024\uff0e]|h(?:xx|xt|tx|\*\*|__|--)p|f[x]ps?:|meow"
    r"|p[sS]? ?: ?/ | (?:dot|chấm) |\.[\])}]",
    re.IGNORECASE,
)
# Each repetition is bounded, so that a hostile text costs no more than its length.
_MARKS = re.compile(
    rf"(?P<unseen>[{_UNSEEN}]{{1,64}})"
    rf"|(?<![A-Za-z0-9])(?P<scheme>{_SCHEMES}) ?[\[({{]?:[\])}}]? ?"
    r"(?:[\[({]?[/\\]{1,2}[\])}]?){1,2} ?(?=[\w\[(])"
    r"|(?P<before> {0,2})[\[({<] {0,2}(?P<fenced>"
    + _DEFANGED_TEXT_WORDS
    + r"|[.:/]{1,3}) {0,2}[\])}>]"
    r"(?P<after> {0,2})"
    r"|(?<=\w)[\[({](?P<open>\.)(?=\w)"
    r"|(?<=\w)(?P<closed>\.)[\])}](?=\w)"
    r"|(?<=\.)[\[(](?P<label>[^\W_]{2,12})[\])](?![\w(])"
    # In `Java\.NET35\x` the sign parts folders.
    r"|(?<=\w)\\(?P<escaped>\.)(?=\w[\w-]{0,62}(?:\\?\.[\w-]{1,63}){0,5}(?![\w\\-]))"
    rf"|(?<=\w) (?P<spoken>dot|chấm) (?=(?:[\w-]{{1,63}} (?:dot|chấm) ){{0,3}}(?:{_COMMON})"
    r"(?![\w-]))"
    "|(?<=\\w)(?P<stop>[\u3002\uff61\u2024])(?=\\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class RefangedText:
    """A text without its defanging.

    Shapes: `text` is the refanged text; `source` is NFC, which the positions refer to;
    `hard` and `soft` are places in `text`, in order, where something was undone: brackets and
    schemes that are written so on purpose, and blanks or words that may be a sentence.
    """

    text: str
    source: str
    hard: tuple[int, ...] = ()
    soft: tuple[int, ...] = ()
    _at: tuple[int, ...] = (0,)
    _from: tuple[int, ...] = (0,)

    def place(self, position: int, *, end: bool = False) -> int:
        """Return the position in `source` of the sign at `position` (or of the end before it)."""
        if end:
            return self.place(position - 1) + 1 if position else 0
        step = bisect_right(self._at, position) - 1
        return self._from[step] + position - self._at[step]


def refang_text(text: str) -> RefangedText:
    """Return `text` with the values in it refanged. Cost: linear."""
    source = text if text.isascii() else unicodedata.normalize("NFC", text)
    plain = source if source.isascii() else source.translate(_ONE_FOR_ONE)
    # A tab parts cells; a blank is all that it can be inside a value.
    plain = plain.replace("\t", " ")
    hard_dots = (
        tuple(at.start() for at in re.finditer("[\uff0e\ufe52]", source))
        if not source.isascii()
        else ()
    )
    if not _TRIGGER.search(plain):
        return RefangedText(plain, source, hard=hard_dots)
    return _rewritten(plain, source, hard_dots)


def _rewritten(plain: str, source: str, dots: tuple[int, ...]) -> RefangedText:
    parts: list[str] = []
    at, origin = [0], [0]
    hard: list[int] = []
    soft: list[int] = []
    length = last = 0
    for mark in _MARKS.finditer(plain):
        sign, is_hard = _meaning(mark)
        if sign is None:
            continue
        parts += plain[last : mark.start()], sign
        length += mark.start() - last
        if is_hard is not None:
            (hard if is_hard else soft).append(length)
        # The sign itself points at the start of what stood for it.
        at.append(length)
        origin.append(mark.start())
        length += len(sign)
        at.append(length)
        origin.append(mark.end())
        last = mark.end()
    parts.append(plain[last:])
    moved = RefangedText("".join(parts), source, _at=tuple(at), _from=tuple(origin))
    return RefangedText(
        moved.text,
        source,
        tuple(sorted(hard + _moved(dots, at, origin))),
        tuple(soft),
        moved._at,
        moved._from,
    )


def _moved(dots: tuple[int, ...], at: list[int], origin: list[int]) -> list[int]:
    positions = []
    for dot in dots:
        step = bisect_right(origin, dot) - 1
        positions.append(at[step] + dot - origin[step])
    return positions


def _meaning(mark: re.Match[str]) -> tuple[str | None, bool | None]:
    """Return the replacement of `mark` (None: it stays), and whether it is certain."""
    kind = mark.lastgroup or ""
    if kind == "unseen":
        return "", None
    if kind == "scheme":
        return _scheme(mark)
    if kind == "after":
        return _fenced(mark)
    if kind == "label":
        return mark.group("label"), True
    if kind in ("spoken", "stop"):
        return ".", False
    return ".", True


def _scheme(mark: re.Match[str]) -> tuple[str | None, bool | None]:
    written = mark.group("scheme").lower()
    secure = "s" if written.endswith("s") else ""
    scheme = ("ftp" if written.startswith("f") else "http") + secure
    changed = mark.group().lower() != f"{scheme}://"
    return f"{scheme}://", True if changed else None


def _fenced(mark: re.Match[str]) -> tuple[str | None, bool | None]:
    inside, before, after = mark.group("fenced").lower(), mark.group("before"), mark.group("after")
    sign = SIGNS.get(inside, inside)
    if not before and not after:
        return sign, True
    around = mark.string[mark.start() - 1 : mark.start()], mark.string[mark.end() : mark.end() + 1]
    within = all(sign.isalnum() or sign == "_" for sign in around)
    if within and inside in (".", "dot", "d0t", "chấm", "cham"):
        return sign, False
    # "và (/) hoặc", "this (point) is": between blanks only a dot is a dot.
    return (None if before and after else before + sign + after), None
