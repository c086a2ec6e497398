"""What proves a machine clean: four conditions, how far each is met, and the days that count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from quetsach_portal.cases.history import rule_of
from quetsach_portal.cases.models.case import Case, CaseRule, CaseState


@dataclass(frozen=True)
class ProofDay:
    """A day after the handling. Shapes: `look` is covered, partial, none, or ahead."""

    day: date
    look: str


@dataclass(frozen=True)
class ProofState:
    """The four conditions of the verdict.

    Shapes: each of `handled`, `covered`, `alive`, `silent` is "yes", "part" or "no"; `covered_days`
    and `alive_days` are counted until now; `rule` has how many are asked for. `earliest` is the
    day on which it can be concluded if all logs are handed in, None where nobody can say.
    """

    rule: CaseRule
    handled: str
    covered: str
    alive: str
    silent: str
    covered_days: int
    alive_days: int
    handled_on: date | None
    earliest: date | None
    days: Sequence[ProofDay]

    @property
    def is_overdue(self) -> bool:
        """True where only logs of days gone by can be missing."""
        return self.earliest is not None and self.earliest <= timezone.localdate()


def proof_of(
    case: Case, handled_on: date | None, rows: Iterable[Sequence[tuple[date, str]]]
) -> ProofState:
    """Return how far `case` is proven clean by what the engine judged last.

    Shapes: `handled_on` is the day of the last handling that removed something; `rows` have for
    each kind of evidence that showed the machine the look of each day. Cost: one query.
    """
    rule = rule_of(case.node.campaign_id)
    is_handled = handled_on is not None and case.state not in (
        CaseState.INFECTED,
        CaseState.RECURRED,
    )
    if not is_handled or handled_on is None:
        return ProofState(rule, "no", "no", "no", "no", 0, 0, None, None, ())
    covered, alive = case.covered_days, case.alive_days
    return ProofState(
        rule=rule,
        handled="yes",
        covered=_met(covered, rule.covered_days),
        alive=_met(alive, rule.alive_days),
        silent=_silence(case),
        covered_days=covered,
        alive_days=alive,
        handled_on=handled_on,
        earliest=handled_on + timedelta(days=rule.covered_days + 1),
        days=_days(handled_on, rule.covered_days, rows),
    )


def _met(days: int, needed: int) -> str:
    return "yes" if days >= needed else "part" if days else "no"


def _silence(case: Case) -> str:
    """Return whether nothing was met since; before the days are full this is not settled."""
    if case.state == CaseState.VERIFIED:
        return "yes"
    cannot_tell = case.state == CaseState.CANNOT_TELL or not case.covered_days
    return "no" if cannot_tell else "part"


def _days(
    handled_on: date, needed: int, rows: Iterable[Sequence[tuple[date, str]]]
) -> list[ProofDay]:
    """Return the days since the handling, those to come up to what is needed included."""
    looks: dict[date, list[str]] = {}
    for row in rows:
        for day, look in row:
            looks.setdefault(day, []).append(look)
    first = handled_on + timedelta(days=1)
    first = max(first, min(looks, default=first))
    last = max([first + timedelta(days=needed - 1), *looks])
    today = timezone.localdate()
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        ProofDay(day, _whole(looks.get(day, ["none"])) if day < today else "ahead") for day in span
    ]


def _whole(looks: Sequence[str]) -> str:
    """Return the look of a day over all kinds of evidence: covered where each is."""
    kinds = set(looks)
    if len(kinds) == 1:
        return looks[0]
    return "partial"
