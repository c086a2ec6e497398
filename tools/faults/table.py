"""The table of tried faults in docs/reliability.md, between two marks."""

from collections import Counter
from collections.abc import Sequence

from tools.faults.campaign import FaultRow
from tools.faults.judging import FaultOutcome

BEGIN, END = "<!-- faults of commands -->", "<!-- end of faults of commands -->"
_ENDS = (
    FaultOutcome.WHOLE,
    FaultOutcome.REFUSED,
    FaultOutcome.IN_PART,
    FaultOutcome.KILLED,
    FaultOutcome.BROKEN,
)


def written_into(page: str, rows: Sequence[FaultRow], head: str) -> str:
    """Return `page` with the table of `rows` between its marks. Errors: ValueError without them."""
    before, rest = page[: page.index(BEGIN)], page[page.index(END) :]
    titles = ["command", "sites", "faults", "tried", *(str(outcome) for outcome in _ENDS)]
    lines = [titles, ["---"] * len(titles), *map(_cells, rows)]
    whole: Counter[str] = sum((row.counts() for row in rows), Counter())
    sums = (
        sum(row.sites for row in rows),
        sum(row.faults for row in rows),
        sum(map(_reached, rows)),
    )
    lines.append(["all", *map(_number, (*sums, *(whole[outcome] for outcome in _ENDS)))])
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{before}{BEGIN}\n\n{head}\n\n{table}\n\n{rest}"


def _cells(row: FaultRow) -> list[str]:
    counts = row.counts()
    figures = (row.sites, row.faults, _reached(row), *(counts[outcome] for outcome in _ENDS))
    return [row.name, *map(_number, figures)]


def _reached(row: FaultRow) -> int:
    return len(row.tried) - row.counts()[FaultOutcome.UNREACHED]


def _number(value: int) -> str:
    return f"{value:,}"
