"""The words of a line of a table that are addresses, whatever stands around them."""

from dataclasses import dataclass

from quetsach.addresses import is_nobody, parse_address
from quetsach.formats import snapshot, values
from quetsach.formats.hardware import hardware

# Commas and semicolons are not among them: they make a list of a table.
_AROUND = '()<>[]"'
# No address of either kind is shorter, or without one of these; most words are told apart by that.
_SHORTEST = 2
_MARKS = frozenset(".:-")
# An address further back is part of a sentence, not of a row.
_FIRST_WORDS = 4


@dataclass(frozen=True)
class Words:
    """What a line holds: its words, the IP addresses and the hardware addresses among them.

    Shapes: `addresses` and `macs` are in canonical form, each once, in the order written; masks
    and the unspecified address are left out; `leading` says that an address is among the first
    words.
    """

    words: tuple[str, ...]
    addresses: tuple[str, ...]
    macs: tuple[str, ...]
    leading: bool

    @property
    def is_row(self) -> bool:
        """Whether exactly one address stands beside exactly one hardware address."""
        return len(self.addresses) == len(self.macs) == 1


def words_of(line: bytes) -> Words | None:
    """Return what `line` holds, or None where it is too long for a row."""
    if len(line) > snapshot.LONGEST_ROW:
        return None
    words = tuple(values.as_text(line).split())
    addresses: dict[str, None] = {}
    macs: dict[str, None] = {}
    leading = False
    for place, word in enumerate(words):
        # RouterOS writes address=10.20.3.41 mac-address=00:17:A4:B2:C3:D4.
        bare = word.rpartition("=")[2].strip(_AROUND)
        if len(bare) < _SHORTEST or not _MARKS.intersection(bare):
            continue
        mac = hardware(bare)
        if mac is not None:
            macs[mac] = None
            continue
        found = parse_address(bare)
        if found is None or is_nobody(found) or str(found).startswith("255."):
            continue
        addresses[str(found)] = None
        leading = leading or place < _FIRST_WORDS
    return Words(words, tuple(addresses), tuple(macs), leading)
