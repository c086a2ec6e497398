"""The numbers that Word draws before paragraphs and does not write into their text: "1.", "a)"."""

import re
from dataclasses import dataclass
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLAIN_BULLETS = frozenset("-+*–—•")
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"))
_MOST = 999
_MOST_LABEL = 60


@dataclass(frozen=True)
class _Level:
    start: int
    form: str
    text: str


class Numbers:
    """Counts the numbered paragraphs of a document, in its order.

    Source: ECMA-376 part 1, 17.9; a list's counts go on through all paragraphs that name it.
    """

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        self._styled: dict[str, tuple[str, int]] = {}
        for one in () if numbering is None else numbering.iter(f"{_W}abstractNum"):
            levels = {_number(each.get(f"{_W}ilvl")): _level(each) for each in _all(one, "lvl")}
            self._levels[one.get(f"{_W}abstractNumId", "")] = levels
        for one in () if numbering is None else numbering.iter(f"{_W}num"):
            self._add_list(one)
        for one in () if styles is None else styles.iter(f"{_W}style"):
            found = _named(one.find(f"{_W}pPr/{_W}numPr"))
            if found is not None:
                self._styled[one.get(f"{_W}styleId", "")] = found

    def label(self, paragraph: Any, style: str) -> str:
        """Return what stands before the text of the next paragraph, "" for nothing."""
        named = _named(paragraph.find(f"{_W}pPr/{_W}numPr"))
        named = self._styled.get(style) if named is None else named
        if named is None or named[0] not in self._lists:
            return ""
        number, depth = named
        whole = self._lists[number]
        levels = self._levels.get(whole, {})
        level = levels.get(depth)
        if level is None:
            return ""
        self._count(whole, number, depth, level)
        if level.form == "bullet":
            return level.text if level.text in _PLAIN_BULLETS else "•"
        return re.sub("%([1-9])", lambda at: self._shown(whole, int(at[1]) - 1), level.text)[
            :_MOST_LABEL
        ]

    def _add_list(self, one: Any) -> None:
        number, whole = one.get(f"{_W}numId", ""), one.find(f"{_W}abstractNumId")
        if whole is None or number in ("", "0"):
            return
        self._lists[number] = whole.get(f"{_W}val", "")
        self._restarts[number] = {
            _number(each.get(f"{_W}ilvl")): _number(start.get(f"{_W}val"))
            for each in _all(one, "lvlOverride")
            for start in _all(each, "startOverride")
        }

    def _count(self, whole: str, number: str, depth: int, level: _Level) -> None:
        counts = self._counts.setdefault(whole, {})
        if number not in self._begun:
            self._begun.add(number)
            counts.update({at: start - 1 for at, start in self._restarts[number].items()})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]

    def _shown(self, whole: str, depth: int) -> str:
        level = self._levels[whole].get(depth)
        if level is None:
            return ""
        return _written(self._counts[whole].get(depth, level.start), level.form)


def _named(properties: Any | None) -> tuple[str, int] | None:
    """Return the list and the level that a paragraph or a style names."""
    if properties is None:
        return None
    number, depth = properties.find(f"{_W}numId"), properties.find(f"{_W}ilvl")
    if number is None:
        return None
    return number.get(f"{_W}val", ""), 0 if depth is None else _number(depth.get(f"{_W}val"))


def _level(level: Any) -> _Level:
    values = {}
    for name, absent in (("start", "1"), ("numFmt", "decimal"), ("lvlText", "")):
        found = level.find(f"{_W}{name}")
        values[name] = absent if found is None else found.get(f"{_W}val", absent)
    return _Level(_number(values["start"]), values["numFmt"], values["lvlText"])


def _written(count: int, form: str) -> str:
    if not 0 < count <= _MOST or form in ("decimal", "decimalZero"):
        return f"{count:02}" if form == "decimalZero" else str(count)
    if form in ("lowerLetter", "upperLetter"):
        # Behind z comes aa, then bb (ECMA-376 part 1, 17.18.59).
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(count)
        return roman.upper() if form == "upperRoman" else roman
    return "" if form == "none" else str(count)


def _roman(count: int) -> str:
    hundreds, rest = divmod(count, 100)
    text = ("", "c", "cc", "ccc", "cd", "d", "dc", "dcc", "dccc", "cm")[hundreds]
    for value, letters in (*_ROMAN, (1, "i")):
        times, rest = divmod(rest, value)
        text += letters * times
    return text


def _all(parent: Any, name: str) -> list[Any]:
    return list(parent.findall(f"{_W}{name}"))


def _number(written: str | None) -> int:
    sound = written is not None and written.isascii() and written.isdigit() and len(written) < 10
    return int(written) if sound and written is not None else 0
