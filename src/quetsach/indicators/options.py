"""How lists are to be read, and the fixed words for what is refused."""

import json
import tomllib
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
from quetsach.indicators.headings import plain_heading
from quetsach.indicators.model import IndicatorClass, Tlp
from quetsach.texts import _

# The saved column map of one sender: how the sender's tables are known, and what stands where.


ValueKind = Literal["any", "name", "address", "network", "url", "hash"]
What = Literal[
    "kind", "port", "family", "label", "class", "valid_from", "valid_until", "confidence", "tlp"
]
LARGEST_MAP = 256 * 1024
"""A larger file is no map that a person keeps; in bytes."""


class ValueColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column of values: its heading or its number from 1, and the kind that stands there.

    Shapes: `rule` says how names of this column are met; "" is as a plain list meets them.
    """

    column: str | int
    kind: ValueKind = "any"
    rule: Literal["", "exact", "below"] = ""


class TableMarks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The marks of the sender's tables: all headings in their order, or a pattern of file names."""

    headings: tuple[str, ...] = ()
    file_name: str = ""


class SenderConstants(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds for every row of the sender, where no column says otherwise."""

    of_class: IndicatorClass = msgspec.field(name="class", default=IndicatorClass.UNKNOWN)
    family: str = ""
    label: str = ""
    confidence: int | None = None
    tlp: Tlp | None = None


class ColumnMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the tables of one sender are read.

    Shapes: `delimiter` "" and `encoding` "" are found out; `sheet` "" is any; `date_format` is as
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


def read_column_maps(paths: Iterable[Path]) -> tuple[ColumnMap, ...]:
    """Return the maps in the files `paths`; a folder stands for every `.toml` file in it.

    Errors: QuetsachError E218 for one that cannot be read or is not sound.
    """
    maps: list[ColumnMap] = []
    for path in paths:
        files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not files:
            raise QuetsachError("E218", str(path), reason=_("the folder holds no .toml file"))
        maps.extend(_read(file) for file in files)
    return tuple(maps)


def column_map_of(text: str, name: str) -> ColumnMap:
    """Return the map that the TOML `text` writes; `name` is that of its file.

    Errors: QuetsachError E218 where it is no TOML, has an unknown field or names no such column.
    """
    try:
        column_map = msgspec.convert(tomllib.loads(text), ColumnMap)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as err:
        raise QuetsachError("E218", name, reason=str(err)) from err
    wrong = _wrong_in(column_map)
    if wrong:
        raise QuetsachError("E218", name, reason=wrong)
    return column_map


def toml_of(column_map: ColumnMap) -> str:
    """Return the map as TOML, without what is not said."""
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
            raise QuetsachError("E218", str(path), reason=_("it is larger than a map can be"))
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise QuetsachError("E218", str(path), reason=str(err)) from err
    return column_map_of(text, str(path))


def _wrong_in(column_map: ColumnMap) -> str:
    marks = column_map.recognise
    columns = [column.column for column in column_map.value]
    if not column_map.sender.strip():
        return _("it names no sender")
    if not columns:
        return _("it names no column of values")
    if not marks.headings and not marks.file_name:
        return _("it does not say how the sender's lists are recognised")
    if len(column_map.delimiter) > 1:
        return _("the delimiter is one sign")
    if column_map.encoding and not _is_encoding(column_map.encoding):
        return _("there is no such encoding: %(name)s") % {"name": column_map.encoding}
    missing = _missing([*columns, *column_map.columns.values()], marks.headings)
    return _("there is no such column: %(name)s") % {"name": missing} if missing else ""


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
    EXCEPTION = "exception"
    EMPTY_FILE = "empty-file"
    MAIL_ADDRESS = "mail-address"
    SENDER = "sender"
    REFERENCE = "reference"
    UNCLEAR = "unclear"
    DECIDED = "decided"


@dataclass(frozen=True)
class ListOptions:
    """What the reader of lists must know of the place it is used in.

    `own` are the organisation's own networks: an indicator in one is refused, for it would blame
    everybody. `accept_private` takes private and reserved ranges, own or not, because somebody
    said they are meant. `zone` applies to dates that carry none. A table that one of
    `column_maps` knows is read by it.
    """

    accept_private: bool = False
    own: tuple[Network, ...] = ()
    zone: Zone = UTC
    column_maps: tuple[ColumnMap, ...] = ()
