"""Whether a licence may stand beside Apache-2.0: the table licences.toml, asked by expression."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from license_expression import ExpressionError, get_spdx_licensing

_TABLE = Path(__file__).with_name("licences.toml")
_SPDX = get_spdx_licensing()


@dataclass(frozen=True)
class BundledWork:
    """A work of others in our own wheel; `files` are globs, `text` is its licence's file."""

    name: str
    licence: str
    copyright: str
    files: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class LicenceTable:
    """The allowed ids, with the reasons of those that need one, and what was read by hand."""

    allowed: frozenset[str]
    with_reason: Mapping[str, str]
    stated: Mapping[str, str]
    bundled: tuple[BundledWork, ...]


def read_table(path: Path = _TABLE) -> LicenceTable:
    """Return the table of licences."""
    table = tomllib.loads(path.read_text("utf-8"))
    return LicenceTable(
        allowed=frozenset(table["allowed"]),
        with_reason=table["with_reason"],
        stated=table["stated"],
        bundled=tuple(
            BundledWork(**{**row, "files": tuple(row["files"])}) for row in table["bundled"]
        ),
    )


def spdx(expression: str) -> str:
    """Return `expression` as SPDX writes it, or "" where it is none.

    Cargo's older "MIT/Apache-2.0" means that one may choose.
    """
    try:
        parsed = _SPDX.parse(expression.replace("/", " OR "), validate=True)
    except ExpressionError:
        return ""
    return "" if parsed is None else str(parsed.render("{symbol.key}"))


def refused(expression: str, table: LicenceTable) -> tuple[str, ...]:
    """Return what of an SPDX expression the table does not allow; empty where it may be used.

    Of `a OR b` one is enough, `a AND b` asks for both.
    """
    return _refused(_SPDX.parse(expression), table)


def _refused(parsed: object, table: LicenceTable) -> tuple[str, ...]:
    if isinstance(parsed, _SPDX.AND | _SPDX.OR):
        parts = [_refused(part, table) for part in parsed.args]
        if isinstance(parsed, _SPDX.OR) and not all(parts):
            return ()
        return tuple(name for part in parts for name in part)
    name = str(parsed)
    return () if name in table.allowed or name in table.with_reason else (name,)


def reasons_used(expression: str, table: LicenceTable) -> tuple[str, ...]:
    """Return those allowed only for a reason that an expression rests on."""
    plain = LicenceTable(table.allowed, {}, {}, ())
    return tuple(name for name in refused(expression, plain) if name in table.with_reason)
