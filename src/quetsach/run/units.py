"""Which unit a device belongs to: by its network in a table, else by the folder of its evidence."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from quetsach.addresses import Network, parse_address, parse_network
from quetsach.decoding import decode
from quetsach.errors import QuetsachError
from quetsach.indicators.prefixes import PrefixTable
from quetsach.texts import _

_SUBNET = ("subnet", "network", "cidr", "mạng", "mạng con", "dải mạng", "dải địa chỉ", "dải ip")
_UNIT = ("unit", "office", "đơn vị", "tên đơn vị", "cơ quan")
_NAME = ("name", "tên", "tên gọi")
"""What a unit is called where the table is of units and has no column `unit`."""
_SEPARATORS = ",;\t"


@dataclass(frozen=True)
class Units:
    """Answers which unit an address or an evidence file belongs to.

    Shapes: `roots` are the folders given as evidence; a unit is the first folder below one.
    """

    table: PrefixTable[str] | None = None
    roots: tuple[PurePath, ...] = ()

    def named(self) -> frozenset[str]:
        """Return the units that the table names, whether anything was read of them or not."""
        return frozenset(self.table.values()) if self.table is not None else frozenset()

    def unit_of(self, address: str, path: str) -> str:
        """Return the name of the unit, or "" where nothing tells it; the table goes first."""
        if self.table is not None:
            found = parse_address(address)
            if found is not None:
                return next(iter(self.table.holding(found)), "")
        file = PurePath(path)
        for root in self.roots:
            if file.is_relative_to(root):
                below = file.relative_to(root).parts
                if len(below) > 1:
                    return below[0]
        return ""


def read_units(raw: bytes, where: str) -> PrefixTable[str]:
    """Return the units by network that a CSV with the columns `subnet` and `unit` tells.

    Errors: E228 for a file without these columns, or a row that names no network.
    """
    text = decode(raw)
    if text is None:
        raise QuetsachError("E228", where, reason=_("it is not a text file"))
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return PrefixTable(_networks(rows, where))
    except csv.Error as error:
        raise QuetsachError("E228", where, reason=str(error)) from error


def _networks(rows: Iterator[list[str]], where: str) -> Iterator[tuple[Network, str]]:
    heads = [one.strip().casefold() for one in next(rows, [])]
    subnet = _place(heads, _SUBNET)
    unit = _place(heads, _UNIT)
    unit = _place(heads, _NAME) if unit is None else unit
    if subnet is None or unit is None:
        raise QuetsachError("E228", where, reason=_("it has no columns `subnet` and `unit`"))
    for number, row in enumerate(rows, start=2):
        if not any(one.strip() for one in row):
            continue
        text = row[subnet].strip() if subnet < len(row) else ""
        name = row[unit].strip() if unit < len(row) else ""
        network = parse_network(text)
        if network is None or not name:
            reason = _("row %(row)s names no network and unit") % {"row": number}
            raise QuetsachError("E228", where, reason=reason)
        yield network[0], name


def _place(heads: Sequence[str], known: Sequence[str]) -> int | None:
    return next((place for place, one in enumerate(heads) if one in known), None)


def roots_of(evidence: Sequence[str]) -> tuple[PurePath, ...]:
    """Return the folders among what was given as evidence."""
    return tuple(PurePath(one) for one in evidence if Path(one).is_dir())
