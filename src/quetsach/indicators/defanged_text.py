"""Undoes defanging all over a text, and still knows where each sign stood and what was meant."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from quetsach.indicators.defang import ODD, SIGNS, UNSEEN

# Signs that stand for one other sign are replaced one for one, so that no place moves.
_ONE_FOR_ONE = {
    code: sign for code, sign in ODD.items() if code not in UNSEEN and sign not in (None, 0x2E)
} | dict.fromkeys((0xFE52, 0xFF0E), 0x2E)
_UNSEEN = "".join(map(chr, UNSEEN))
# Spoken words between blanks are left alone unless a common ending follows: "red dot in", and
# "chấm" (to mark) is an everyday word.
_COMMON = "com|net|org|vn|info|biz|xyz|ru|cn|top|site|online|io|club|icu|cc|tk|pw|example"
_WORDS = "|".join(re.escape(word) for word in SIGNS)
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
    r"|(?P<before> {0,2})[\[({<] {0,2}(?P<fenced>" + _WORDS + r"|[.:/]{1,3}) {0,2}[\])}>]"
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
class Undone:
    """A text without its defanging.

    Shapes: `text` is what a program would write; `source` is NFC, where the places point;
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
        """Return where the sign at `position` (or the end before it) stands in `source`."""
        if end:
            return self.place(position - 1) + 1 if position else 0
        step = bisect_right(self._at, position) - 1
        return self._from[step] + position - self._at[step]


def undone(text: str) -> Undone:
    """Return `text` as a program would write the values in it. Cost: linear."""
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
        return Undone(plain, source, hard=hard_dots)
    return _rewritten(plain, source, hard_dots)


def _rewritten(plain: str, source: str, dots: tuple[int, ...]) -> Undone:
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
    moved = Undone("".join(parts), source, _at=tuple(at), _from=tuple(origin))
    return Undone(
        moved.text,
        source,
        tuple(sorted(hard + _moved(dots, at, origin))),
        tuple(soft),
        moved._at,
        moved._from,
    )


def _moved(dots: tuple[int, ...], at: list[int], origin: list[int]) -> list[int]:
    found = []
    for dot in dots:
        step = bisect_right(origin, dot) - 1
        found.append(at[step] + dot - origin[step])
    return found


def _meaning(mark: re.Match[str]) -> tuple[str | None, bool | None]:
    """Return what `mark` stands for (None: it stays), and if it was meant beyond doubt."""
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
    within = all(one.isalnum() for one in around)
    if within and inside in (".", "dot", "d0t", "chấm"):
        return sign, False
    # "và (/) hoặc", "this (point) is": between blanks only a dot is a dot.
    return (None if before and after else before + sign + after), None
