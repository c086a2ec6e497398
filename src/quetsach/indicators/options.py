"""Options for reading lists: column maps, zones, own networks; and why a row is refused."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from pathlib import Path
from typing import Literal

import msgspec

from quetsach.addresses import Network
from quetsach.clocks import Zone
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import IndicatorClass, Tlp
from quetsach.texts import _

ValueKind = Literal["any", "name", "address", "network", "url", "hash"]
What = Literal[
    "kind",
    "port",
    "family",
    "label",
    "class",
    "valid_from",
    "valid_until",
    "last_seen",
    "confidence",
    "tlp",
    "status",
]
LARGEST_MAP = 256 * 1024
"""The largest file that is read as a column map; in bytes."""


class ValueColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column of values: its heading or its number from 1, and the kind of the values.

    Shapes: `rule` is the match rule for names of this column; "" is that of a plain list.
    """

    column: str | int
    kind: ValueKind = "any"
    rule: Literal["", "exact", "below"] = ""


class TableMarks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The marks of the sender's tables: all headings in their order, or a pattern of file names."""

    headings: tuple[str, ...] = ()
    file_name: str = ""


class SenderConstants(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values for every row of the sender, unless a column overrides them."""

    of_class: IndicatorClass = msgspec.field(name="class", default=IndicatorClass.UNKNOWN)
    family: str = ""
    label: str = ""
    confidence: int | None = None
    tlp: Tlp | None = None


class ColumnMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the tables of one sender are read.

    Shapes: `delimiter` "" and `encoding` "" are detected; `sheet` "" is any; `date_format` is as
    strptime has it, "" for the usual ones; `class_words` turns the sender's words into classes.
    """

    sender: str
    recognise: TableMarks
    value: tuple[ValueColumn, ...]
    columns: dict[What, str | int] = msgspec.field(default_factory=dict)
    constants: SenderConstants = msgspec.field(default_factory=SenderConstants)
    class_words: dict[str, IndicatorClass] = msgspec.field(default_factory=dict)
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""
    date_format: str = ""


def plain_heading(heading: str) -> str:
    """Return `heading` as headings are compared: NFC, lower case, single blanks."""
    text = unicodedata.normalize("NFC", heading).strip("\ufeff \t\n").lower()
    return re.sub(r"[_\s-]+", " ", text)


def read_column_maps(paths: Iterable[Path]) -> tuple[ColumnMap, ...]:
    """Return the maps in the files `paths`; a folder means every `.toml` file in it.

    Maps of evidence in a folder are passed over.

    Errors: QuetsachError E218 for one that cannot be read or is not sound.
    """
    maps: list[ColumnMap] = []
    for path in paths:
        files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not files:
            raise QuetsachError("E218", str(path), reason=_("the folder contains no .toml file"))
        if path.is_dir():
            files = [file for file in files if text_of_evidence_map(file) is None]
        maps.extend(_read(file) for file in files)
    return tuple(maps)


def text_of_evidence_map(file: Path) -> str | None:
    """Return the text of a map of a table of evidence, which names `fields`; None for others."""
    try:
        if file.stat().st_size > LARGEST_MAP:
            return None
        text = file.read_text(encoding="utf-8-sig")
        return text if "fields" in tomllib.loads(text) else None
    except (OSError, ValueError, RecursionError):
        return None


def column_map_of(text: str, name: str) -> ColumnMap:
    """Return the map that the TOML `text` writes; `name` is that of its file.

    Errors: QuetsachError E218 where it is no TOML, has an unknown field or names no such column.
    """
    try:
        column_map = msgspec.convert(tomllib.loads(text), ColumnMap)
    except (ValueError, msgspec.ValidationError, RecursionError) as err:
        raise QuetsachError("E218", name, reason=str(err)) from err
    wrong = _wrong_in(column_map)
    if wrong:
        raise QuetsachError("E218", name, reason=wrong)
    return column_map


def toml_of(column_map: ColumnMap) -> str:
    """Return the map as TOML, without empty settings."""
    lines = [f"sender = {_quoted(column_map.sender)}"]
    settings = {
        "delimiter": column_map.delimiter,
        "encoding": column_map.encoding,
        "sheet": column_map.sheet,
        "date_format": column_map.date_format,
    }
    lines += [f"{name} = {_quoted(value)}" for name, value in settings.items() if value]
    lines += ["", "[recognise]"]
    if column_map.recognise.headings:
        lines.append(f"headings = [{', '.join(map(_quoted, column_map.recognise.headings))}]")
    if column_map.recognise.file_name:
        lines.append(f"file_name = {_quoted(column_map.recognise.file_name)}")
    for column in column_map.value:
        lines += ["", "[[value]]", f"column = {_written(column.column)}"]
        lines += [f"kind = {_quoted(column.kind)}"] if column.kind != "any" else []
        lines += [f"rule = {_quoted(column.rule)}"] if column.rule else []
    constants = {
        name: value
        for name, value in _constants(column_map.constants).items()
        if value not in ("", None)
    }
    for title, pairs in (
        ("columns", column_map.columns),
        ("constants", constants),
        ("class_words", column_map.class_words),
    ):
        if pairs:
            lines += ["", f"[{title}]", *(f"{_key(k)} = {_written(v)}" for k, v in pairs.items())]
    return "\n".join(lines) + "\n"


def _read(path: Path) -> ColumnMap:
    try:
        if path.stat().st_size > LARGEST_MAP:
            raise QuetsachError("E218", str(path), reason=_("it is too large for a column map"))
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise QuetsachError("E218", str(path), reason=str(err)) from err
    return column_map_of(text, str(path))


def _wrong_in(column_map: ColumnMap) -> str:
    marks = column_map.recognise
    columns = [column.column for column in column_map.value]
    if not column_map.sender.strip():
        return _("it does not name a sender")
    if not columns:
        return _("it does not name a column of values")
    if not marks.headings and not marks.file_name:
        return _("it does not say how the sender's lists are recognised")
    if len(column_map.delimiter) > 1:
        return _("the delimiter must be one character")
    if column_map.encoding and not _is_encoding(column_map.encoding):
        return _("unknown encoding: %(name)s") % {"name": column_map.encoding}
    missing = _missing([*columns, *column_map.columns.values()], marks.headings)
    return _("unknown column: %(name)s") % {"name": missing} if missing else ""


def _missing(columns: Sequence[str | int], headings: Sequence[str]) -> str:
    plain_headings = {plain_heading(heading) for heading in headings}
    for column in columns:
        if isinstance(column, int):
            if column < 1 or (headings and column > len(headings)):
                return str(column)
        elif headings and plain_heading(column) not in plain_headings:
            return column
    return ""


def _is_encoding(name: str) -> bool:
    try:
        "".encode(name)
    except LookupError:
        return False
    return True


def _constants(constants: SenderConstants) -> dict[str, str | int | None]:
    of_class = "" if constants.of_class is IndicatorClass.UNKNOWN else constants.of_class.value
    return {
        "class": of_class,
        "family": constants.family,
        "label": constants.label,
        "confidence": constants.confidence,
        "tlp": constants.tlp.value if constants.tlp else None,
    }


def _written(value: str | int) -> str:
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _quoted(text: str) -> str:
    # JSON's escapes are those of TOML, but for DEL, which TOML wants escaped as well.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(text: str) -> str:
    return text if text.isascii() and text.replace("_", "").isalnum() else _quoted(text)


class RefusalReason(StrEnum):
    """Why a row did not become an indicator."""

    PRIVATE = "private"
    RESERVED = "reserved"
    PUBLIC_SUFFIX = "public-suffix"
    OWN_RANGE = "own-range"
    TOO_WIDE = "too-wide"
    UNPARSABLE = "unparsable"
    EMPTY = "empty"
    OTHER_KIND = "other-kind"
    NOT_APPLIED = "not-applied"
    CONTEXT = "context"
    NOT_FOR_DETECTION = "not-for-detection"
    PATH_ONLY = "path-only"
    EXCEPTION = "exception"
    EMPTY_FILE = "empty-file"
    MAIL_ADDRESS = "mail-address"
    SENDER = "sender"
    REFERENCE = "reference"
    UNCLEAR = "unclear"
    DECIDED = "decided"


SET_ASIDE = (RefusalReason.NOT_FOR_DETECTION, RefusalReason.PATH_ONLY)
"""Rows that a person may take in all the same: `quetsach indicators take-in`."""


@dataclass(frozen=True)
class ListOptions:
    """The local settings for reading lists.

    `own` are the organisation's own networks: an indicator in one is refused, since every device
    would match. `accept_private` accepts private and reserved ranges, own or not. `zone` applies
    to dates without one. A table that one of `column_maps` recognises is read with it.
    `take_unmarked` accepts what a sender does not mark for detection (MISP: to_ids=false). Under
    each of `path_hosts` a path that is listed without a host is looked for; else it is refused.
    """

    accept_private: bool = False
    own: tuple[Network, ...] = ()
    zone: Zone = UTC
    column_maps: tuple[ColumnMap, ...] = ()
    take_unmarked: bool = False
    path_hosts: tuple[str, ...] = ()
