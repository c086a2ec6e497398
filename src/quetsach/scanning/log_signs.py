"""Signs that a line is one of a log: a time or an address, written in whatever way."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from quetsach.formats.contract import ParsedLines
from quetsach.scanning.grades import is_unknown
from quetsach.sieve import twin

LOOK_AT_BYTES = 4096
"""How much of a line is looked at."""

LOG_SHARE = 5
"""A file looks like a log when more than one in so many of its lines has a time or an address."""

_TIME = re.compile(
    rb"(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d:[0-5]\d(?!\d)"
    # A date in figures, in whatever order, with a year of four.
    rb"|(?<!\d)(?:19|20)\d\d([-/.])[01]?\d\1[0-3]?\d(?!\d)"
    rb"|(?<!\d)[0-3]?\d([-/.])[0-3]?\d\2(?:19|20)\d\d(?!\d)"
    # Seconds or milliseconds since 1970, of the years 2001 to 2033.
    rb"|(?<![\w.+-])1\d{9}(?:\d{3})?(?![\w-])"
    rb"|(?<!\d)20\d\d[01]\d[0-3]\d[T_ -]?[0-2]\d[0-5]\d[0-5]\d(?!\d)",
    re.ASCII,
)
_HARDWARE = re.compile(
    rb"(?<![\w:-])[0-9A-F]{2}([:-])(?:[0-9A-F]{2}\1){4}[0-9A-F]{2}(?![\w:-])", re.IGNORECASE
)


def looks_like_log(line: bytes) -> bool:
    """Return whether `line` has a time, or an address of a network or a machine."""
    start = line[:LOOK_AT_BYTES]
    return bool(
        # What is no text at all is nothing to set aside as one.
        b"\x00" in start
        or _TIME.search(start)
        or twin.find_addresses(start)
        or _HARDWARE.search(start)
        # `::` alone is a sign of programs.
        or any(address >> 16 for address in twin.addresses6(start))
    )


@dataclass
class FormCounts:
    """What is known of the forms of the lines that were parsed.

    `lines` have content; of them `unknown` are of no form that is read, `like_log` of those look
    like lines of a log, and `named` of those name an indicator.
    """

    lines: int = 0
    unknown: int = 0
    like_log: int = 0
    named: int = 0

    def add(self, other: "FormCounts") -> None:
        """Add the counts of other lines."""
        self.lines += other.lines
        self.unknown += other.unknown
        self.like_log += other.like_log
        self.named += other.named

    @property
    def is_unread_log(self) -> bool:
        """Whether it looks like a log whose form is not known, or names an indicator in one."""
        return self.named > 0 or self.like_log * LOG_SHARE > self.lines

    @property
    def is_no_log(self) -> bool:
        """Whether nothing in it is of a form that is read, and nothing looks like a log."""
        return self.unknown == self.lines and not self.is_unread_log


def tally_forms(rows: ParsedLines, raw: Mapping[int, bytes], named: AbstractSet[int]) -> FormCounts:
    """Return the tally of parsed lines; `named` are the offsets of those that name an indicator.

    Cost: next to none where all lines are of a form that is read.
    """
    unknown = {offset for offset, event in rows.events if is_unknown(event)}
    if not unknown:
        return FormCounts(lines=len(rows.events) + len(rows.rejects))
    of_a_form = {offset for offset, _ in rows.events} - unknown
    return FormCounts(
        lines=len(unknown) + len(of_a_form) + len(rows.rejects),
        unknown=len(unknown),
        like_log=sum(looks_like_log(raw.get(offset, b"")) for offset in unknown),
        named=len(unknown & named),
    )
