"""The outside tokens of a sweep by unit and day, as its splits give them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quetsach.scanning.day_tokens import DaySpan, SpanTokens
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.plan import Plan
from quetsach.scanning.scan import SplitResult
from quetsach.sieve.contract import OutsideTokens, TokenWants
from quetsach.sieve.outside_tokens import joined
from quetsach.sweeping.units import UnitResolver, roots_of

NOT_LEFT_OUT = frozenset({"E128"})
"""Problems of a file by which nothing of it was left out."""

_MOST_APART = 32
"""The tokens of so many splits of a day are joined at once."""

UnitDays = tuple[str, DaySpan | None]


@dataclass(frozen=True)
class FingerprintWish:
    """Where the fingerprints of a sweep go, and the secrets of their units and months.

    Shapes: all evidence is of `unit`; where it is "", of the first folder below the evidence.
    """

    folder: Path
    secrets: Path
    unit: str = ""

    def fold(self, plan: Plan, evidence: Sequence[str], tools: WorkerTools) -> "TokenDays":
        """Return what takes the tokens of the sweep's splits."""
        units = UnitResolver(roots=roots_of(evidence))
        unit_of = {
            number: self.unit or units.unit_of("", file.shown)
            for number, file in enumerate(plan.files)
        }
        return TokenDays(unit_of.__getitem__, frozenset(map(str, tools.inside)))


@dataclass
class UnitDayTokens:
    """The tokens of some days of a unit. Shapes: `lines` by the number of the file."""

    apart: list[OutsideTokens] = field(default_factory=list)
    lines: dict[int, int] = field(default_factory=dict)
    is_complete: bool = True

    def add(self, file: int, tokens: SpanTokens) -> None:
        """Take in the tokens of one split."""
        self.apart.append(tokens.tokens)
        self.lines[file] = self.lines.get(file, 0) + tokens.lines
        if len(self.apart) >= _MOST_APART:
            self.apart = [self.joined()]

    def joined(self) -> OutsideTokens:
        """Return all tokens, each once."""
        return self.apart[0] if len(self.apart) == 1 else joined(self.apart, TokenWants())


class TokenDays:
    """Takes the tokens of splits, file by file; lines without an hour have the days of their file.

    Shapes: `days` by unit and days, which are None where nothing in the file tells any; `inside`
    are the organisation's own networks.
    """

    def __init__(self, unit_of: Callable[[int], str], inside: frozenset[str]) -> None:
        self._unit_of = unit_of
        self.inside = inside
        self.days: dict[UnitDays, UnitDayTokens] = {}

    def taken(self, file: int, results: Iterator[SplitResult]) -> Iterator[SplitResult]:
        """Yield the results of a file, and take their tokens in."""
        unit = self._unit_of(file)
        undated: list[SpanTokens] = []
        spans: set[DaySpan] = set()
        is_whole = True
        for result in results:
            is_whole &= all(problem.code in NOT_LEFT_OUT for problem in result.problems)
            for tokens in result.tokens:
                if tokens.span is None:
                    undated.append(tokens)
                else:
                    spans.add(tokens.span)
                    self._day(unit, tokens.span).add(file, tokens)
            yield result
        span = (min(spans)[0], max(last for _, last in spans)) if spans else None
        for tokens in undated:
            self._day(unit, span).add(file, tokens)
        if not is_whole:
            touched: set[DaySpan | None] = {*spans, span} if undated else {*spans}
            for each in touched:
                self._day(unit, each).is_complete = False

    def _day(self, unit: str, span: DaySpan | None) -> UnitDayTokens:
        return self.days.setdefault((unit, span), UnitDayTokens())
