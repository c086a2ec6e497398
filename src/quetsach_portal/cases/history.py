"""The history of a case and the counters above it: every change passes through here."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.campaigns.tallies import add
from quetsach_portal.cases.models import Case, CaseEvent, Outcome, Rule
from quetsach_portal.people.models import User

Counts = dict[str, int]

COUNTERS = ("cases_open", "cases_verified", "cases_recurred", "cases_other")


def note(
    case: Case,
    kind: str,
    *,
    by: User | None,
    detail: Mapping[str, Any] | None = None,
    told: str = "",
) -> CaseEvent:
    """Add a line to the history of `case`."""
    return CaseEvent.objects.create(
        case=case, kind=kind, by=by, detail=dict(detail or {}), note=told[:500]
    )


def counted(case: Case) -> Counts:
    """Return what `case` adds to the counters of its node and those above.

    Shapes: open + verified + other are all cases; `cases_recurred` counts those of them that came
    back at least once. A case that became part of another counts nowhere.
    """
    if case.outcome == Outcome.MERGED:
        return {}
    name = {
        "": "cases_open",
        Outcome.VERIFIED.value: "cases_verified",
    }.get(case.outcome, "cases_other")
    return {name: 1, **({"cases_recurred": 1} if case.recurrences else {})}


def own_numbers(campaign: Campaign) -> dict[str, dict[int, int]]:
    """Return what each node itself has brought into the counters, by their names, for a recount."""
    own: dict[str, dict[int, int]] = {name: {} for name in COUNTERS}
    for case in Case.objects.filter(node__campaign=campaign).iterator(chunk_size=5000):
        for name, number in counted(case).items():
            own[name][case.node_id] = own[name].get(case.node_id, 0) + number
    return own


def move_counters(case: Case, before: Counts) -> None:
    """Add to the counters what `case` counts now and did not `before`. Call it after `record`."""
    after = counted(case)
    change = {name: after.get(name, 0) - before.get(name, 0) for name in sorted({*before, *after})}
    moved = {name: by for name, by in change.items() if by}
    if moved:
        add(case.node, **moved)


def close(case: Case, outcome: Outcome, *, by: User | None, at: datetime | None = None) -> None:
    """End `case` with `outcome`; the caller saves it."""
    case.outcome = outcome
    case.closed_at = timezone.now() if at is None else at
    case.version += 1
    note(case, "closed", by=by, detail={"outcome": outcome.value})


def reopen(case: Case, because: str, *, by: User | None, told: str = "") -> None:
    """Open `case` again, with what has to be done anew; the caller saves it."""
    ended = case.outcome
    case.outcome, case.closed_at, case.review_on = "", None, None
    case.checklist, case.isolated_at = {}, None
    case.owner_says = case.verifier_says = ""
    case.owner_said_at = case.verifier_said_at = None
    case.due_at = due_from(timezone.now(), case.node.campaign_id)
    case.version += 1
    note(case, "reopened", by=by, detail={"because": because, "was": ended}, told=told)


def rule_of(campaign_id: int) -> Rule:
    """Return the rule of the campaign, that of the engine where it chose none."""
    kept = Rule.objects.filter(campaign_id=campaign_id).first()
    return Rule(campaign_id=campaign_id) if kept is None else kept


def due_from(at: datetime, campaign_id: int) -> datetime:
    """Return when a case that begins at `at` is due: when the last of its days is over, here."""
    return day_after(at, rule_of(campaign_id).due_days)


def day_after(at: datetime, days: int) -> datetime:
    """Return the first moment of the day that follows `days` days after `at`, here."""
    day = timezone.localtime(at).date() + timedelta(days=days + 1)
    return timezone.make_aware(datetime.combine(day, time()))
