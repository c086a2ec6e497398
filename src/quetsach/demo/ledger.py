"""What the written lines show: who met which indicator, in which records, how often and when."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from quetsach.demo.traffic import GRADES, Grade, Line, Mark, Part

UNNAMED = ""
"""The `who` of lines that name an indicator but nobody inside."""


@dataclass
class Tally:
    """The lines of one kind of record in which one machine meets one indicator."""

    lines: int = 0
    only_in_answers: int = 0
    first_us: int = 0
    last_us: int = 0
    grade: Grade = Grade.ASKED
    addresses: set[str] = field(default_factory=set)

    def add(self, line: Line, address: str, *, only_in_answers: bool) -> None:
        """Count `line`, seen from `address`."""
        self.addresses.add(address)
        self.first_us = min(self.first_us, line.when_us) if self.lines else line.when_us
        self.last_us = max(self.last_us, line.when_us)
        self.lines += 1
        self.only_in_answers += only_in_answers
        self.grade = max(self.grade, line.grade, key=GRADES.index)


@dataclass(frozen=True)
class Shown:
    """A line that shows something: its number in its file (from 0), the line and its mark."""

    number: int
    line: Line
    mark: Mark


@dataclass
class Ledger:
    """Tallies by (who, indicator) and then by kind of record."""

    rows: dict[tuple[str, str], dict[str, Tally]] = field(default_factory=dict)

    def add(self, line: Line, mark: Mark) -> None:
        """Count `line` for each indicator that a part standing in it meets."""
        who = mark.who if line.names_client else UNNAMED
        for key, parts in _met(line, mark).items():
            tallies = self.rows.setdefault((who, key), {})
            tallies.setdefault(line.dataset, Tally()).add(
                line, mark.address, only_in_answers=parts == {Part.ANSWERS}
            )


def _met(line: Line, mark: Mark) -> dict[str, set[Part]]:
    met: dict[str, set[Part]] = {}
    for part, key in mark.meets:
        if part in line.parts:
            met.setdefault(key, set()).add(part)
    return met


def keep_whole(shown: Iterable[Shown], whole_lines: int, *, kept: Ledger, lost: Ledger) -> None:
    """Count each of `shown` in `kept`, or in `lost` where its line is not whole any more."""
    for one in shown:
        (kept if one.number < whole_lines else lost).add(one.line, one.mark)
