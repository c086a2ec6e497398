"""Lines cut into named tokens: pairs, CEF, LEEF, columns, JSON, groups of a pattern.

Every cut is linear in the line and bounded; a text that is cut off gives the tokens before the cut.
Source: Implementing ArcSight Common Event Format 26; IBM QRadar LEEF format, 1.0 and 2.0.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from quetsach.formats.dialects.patterns import GuardedPattern
from quetsach.formats.shared.peeling import value_at

Tokens: TypeAlias = Mapping[str, Any]
"""What a line says, by the log's own names; of a JSON document, by dotted path."""

MOST_TOKENS = 512
_BLANK_OR = {" ": r"\s", ",": r"\s,", ";": r"\s;", "|": r"|", "\t": r"\t"}


@lru_cache(maxsize=64)
def _pair_pattern(assign: str, separator: str) -> re.Pattern[str]:
    ends = _BLANK_OR.get(separator, re.escape(separator))
    sign = re.escape(assign)
    return re.compile(
        rf"(?:(?<=[{ends}\[(<>{{:;|])|\A)([A-Za-z_][\w.\-/ ]{{0,63}}?)\s?{sign}(?:{sign}(?=\"))?\s?"
        rf'(?:"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|\{{([^}}]*)\}}|([^{ends}"]*))'
        if assign != "="
        else rf"(?:(?<=[{ends}\[(<>{{:;|])|\A)([A-Za-z_][\w.\-/]{{0,63}})="
        rf'(?:"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|([^{ends}"]*))'
    )


def pairs(text: str, assign: str = "=", separator: str = " ") -> dict[str, str]:
    """Return the `key=value` pairs of `text`; a value in quotes may hold the separator.

    Of a key that comes twice the first value counts: what a stranger sends comes later.
    """
    tokens: dict[str, str] = {}
    for key, quoted, *plain in _pair_pattern(assign, separator).findall(text):
        if quoted:
            written = quoted
            if "\\" in written:
                written = written.replace('\\"', '"').replace("\\\\", "\\")
        else:
            written = next(filter(None, plain), "").rstrip(",;")
        tokens.setdefault(key.strip(), written)
        if len(tokens) >= MOST_TOKENS:
            break
    return tokens


_CEF_HEADER = ("vendor", "product", "version", "id", "name", "severity")
_NO_CEF_MARK = re.compile(r"[01]\|")
_CEF_KEY = re.compile(r"(?:(?<=\s)|\A)([A-Za-z_][\w.\-\[\]]{0,127})(?<!\\)=")
_UNESCAPE = re.compile(r"\\(.)")
_HEADER_END = re.compile(r"(?<!\\)\|")
_NUMBERED = re.compile(
    r"(?:cs|cn|cfp|c6a|flexString|flexNumber|flexDate|deviceCustomDate|deviceCustomNumber|deviceCustomString)\d{1,2}Label"
)
_ESCAPES = {"n": "\n", "r": "\r"}


def cef(text: str) -> dict[str, str]:
    """Return the tokens of a CEF message: `cef.vendor` and so on, its extension; {} for no CEF.

    A custom field is given by its label, too: `cs1Label=Rule cs1=7` is also `Rule` = `7`.
    A collector may have cut off the mark itself: `0|Vendor|...`.
    """
    start = text.find("CEF:")
    if start < 0 and _NO_CEF_MARK.match(text):
        start = 0
    parts = _HEADER_END.split(text[start:], maxsplit=8) if start >= 0 else []
    if len(parts) > 7 and not parts[1]:
        # Some exporters write an empty field before the vendor.
        del parts[1]
    if len(parts) < 7:
        return {}
    parts[7:] = ["|".join(parts[7:])]
    tokens = {f"cef.{key}": _plain(part) for key, part in zip(_CEF_HEADER, parts[1:], strict=False)}
    tokens |= _extension(parts[7])
    for key in [key for key in tokens if _NUMBERED.fullmatch(key)]:
        if (value := tokens.get(key.removesuffix("Label"))) is not None:
            tokens.setdefault(tokens[key], value)
    return tokens


def _extension(text: str) -> dict[str, str]:
    tokens: dict[str, str] = {}
    keys = list(_CEF_KEY.finditer(text))[:MOST_TOKENS]
    for number, match in enumerate(keys):
        end = keys[number + 1].start() if number + 1 < len(keys) else len(text)
        tokens.setdefault(match[1], _plain(_unquoted(text[match.end() : end].strip())))
    return tokens


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _plain(text: str) -> str:
    return (
        _UNESCAPE.sub(lambda sign: _ESCAPES.get(sign[1], sign[1]), text) if "\\" in text else text
    )


_LEEF_HEADER = ("vendor", "product", "version", "id")
_DELIMITER = re.compile(r"(?:0?x([0-9A-Fa-f]{1,4})|(.))\|?")
_NO_LEEF_MARK = re.compile(r"[12]\.0\|")
_BARRED = re.compile(r"[A-Za-z_][\w.\-]{0,63}=[^|=]*\|[A-Za-z_][\w.\-]{0,63}=")
_DATE_FORM = re.compile(r"(?:dd?[/.\-]MM?|MM?[/.\-]dd?)[/.\-]yyyy")
_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?!\d)")
_LEEF_KEY = re.compile(r"(?:(?<=\s)|\A)([A-Za-z_][\w.\-]{0,63})=")


def leef(text: str) -> dict[str, str]:
    """Return the tokens of a LEEF message, `leef.vendor` and so on among them; {} for no LEEF.

    Tabs divide the pairs of 1.0 (rsyslog writes #011), in some products bars; where there are
    none, as relays make blanks of them, blanks. `devTime` is put in the order of its own format.
    A collector may have cut off the mark itself: `1.0|Vendor|...`.
    """
    start = text.find("LEEF:")
    if start < 0 and _NO_LEEF_MARK.match(text):
        start = 0
    parts = text[start:].split("|", 5) if start >= 0 else []
    if len(parts) < 5:
        return {}
    tokens = {f"leef.{key}": part for key, part in zip(_LEEF_HEADER, parts[1:5], strict=True)}
    rest, delimiter = "|".join(parts[5:]), "\t"
    if parts[0].endswith("2.0") and len(parts) > 5:
        word, _, behind = rest.partition("|")
        named = _DELIMITER.fullmatch(word)
        if named is not None:
            delimiter = chr(int(named[1], 16)) if named[1] else named[2]
            rest = behind
        elif not word:
            rest = behind
    elif "\t" not in rest:
        rest = rest.replace("#011", "\t")
        delimiter = "|" if _BARRED.match(rest) else delimiter
    tokens |= _leef_pairs(rest, delimiter)
    _order_date(tokens)
    return tokens


def _leef_pairs(rest: str, delimiter: str) -> dict[str, str]:
    tokens: dict[str, str] = {}
    if delimiter in rest:
        for pair in rest.split(delimiter)[:MOST_TOKENS]:
            key, sign, value = pair.partition("=")
            if sign:
                tokens.setdefault(key.strip(), value.strip())
        return tokens
    keys = list(_LEEF_KEY.finditer(rest))[:MOST_TOKENS]
    for number, match in enumerate(keys):
        end = keys[number + 1].start() if number + 1 < len(keys) else len(rest)
        tokens.setdefault(match[1], rest[match.end() : end].strip())
    return tokens


def _order_date(tokens: dict[str, str]) -> None:
    """Write `devTime` with the year first, where its format says in which order the day stands."""
    form, date = _DATE_FORM.match(tokens.get("devTimeFormat", "")), tokens.get("devTime", "")
    figures = _DATE.match(date)
    if form is not None and figures is not None:
        first, second, year = figures.groups()
        day, month = (first, second) if form[0][0] == "d" else (second, first)
        tokens["devTime"] = f"{year}-{month:0>2}-{day:0>2}{date[figures.end() :]}"


def columns(text: str, separator: str, names: Sequence[str]) -> dict[str, str]:
    """Return the columns of a row by `names`, and each by its number from 0 on."""
    parts = split_row(text, separator)
    tokens = {str(number): part for number, part in enumerate(parts[:MOST_TOKENS])}
    tokens.update(zip(names, parts, strict=False))
    return tokens


def split_row(text: str, separator: str) -> list[str]:
    """Return the cells of a row; a blank as separator stands for any number of blanks."""
    if separator == " " and '"' not in text:
        return text.split()
    if '"' not in text:
        return [part.strip() for part in text.split(separator)]
    reader = csv.reader([text], delimiter=separator, skipinitialspace=True)
    try:
        cells = next(reader, [])
    except csv.Error:
        return []
    return [cell.strip() for cell in cells if cell or separator != " "]


class DocumentTokens(Mapping[str, Any]):
    """A JSON document as tokens: a dotted path reaches into it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def get(self, path: str, default: Any = None) -> Any:
        """Return what is at a dotted path, `default` where there is nothing or an object."""
        told = value_at(self._document, path)
        if told is None or (type(told) is not str and isinstance(told, Mapping)):
            return default
        return told

    def __getitem__(self, path: str) -> Any:
        value = self.get(path)
        if value is None:
            raise KeyError(path)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._document)

    def __len__(self) -> int:
        return len(self._document)


def groups(text: str, patterns: Sequence[GuardedPattern]) -> dict[str, str]:
    """Return the named groups of the first of `patterns` that is found in `text`; {} for none."""
    for pattern in patterns:
        match = pattern.search(text)
        if match is not None:
            return {key: value for key, value in match.groupdict().items() if value is not None}
    return {}
