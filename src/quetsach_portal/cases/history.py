"""The history of a case, its steps and the counters above it: every change is written here."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.counters import add
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.cases.models.case import Case, CaseEvent, CaseOutcome, CaseRule
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused

Counts = dict[str, int]

COUNTERS = ("cases_open", "cases_verified", "cases_recurred", "cases_other")


def note(
    case: Case,
    kind: str,
    *,
    by: User | None,
    detail: Mapping[str, Any] | None = None,
    remark: str = "",
) -> CaseEvent:
    """Add a line to the history of `case`."""
    return CaseEvent.objects.create(
        case=case, kind=kind, by=by, detail=dict(detail or {}), note=remark[:500]
    )


def counted(case: Case) -> Counts:
    """Return what `case` adds to the counters of its node and those above.

    Shapes: open + verified + other are all cases; `cases_recurred` counts those of them that came
    back at least once. A case that became part of another counts nowhere.
    """
    if case.outcome == CaseOutcome.MERGED:
        return {}
    name = {
        "": "cases_open",
        CaseOutcome.VERIFIED.value: "cases_verified",
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


def close(case: Case, outcome: CaseOutcome, *, by: User | None, at: datetime | None = None) -> None:
    """End `case` with `outcome`; the caller saves it."""
    case.outcome = outcome
    case.closed_at = timezone.now() if at is None else at
    case.version += 1
    note(case, "closed", by=by, detail={"outcome": outcome.value})


def reopen(case: Case, because: str, *, by: User | None, remark: str = "") -> None:
    """Open `case` again, with what has to be done anew; the caller saves it."""
    ended = case.outcome
    case.outcome, case.closed_at, case.review_on = "", None, None
    case.checklist, case.isolated_at = {}, None
    case.owner_says = case.verifier_says = ""
    case.owner_said_at = case.verifier_said_at = None
    case.due_at = due_from(timezone.now(), case.node.campaign_id)
    case.version += 1
    note(case, "reopened", by=by, detail={"because": because, "was": ended}, remark=remark)


def rule_of(campaign_id: int) -> CaseRule:
    """Return the rule of the campaign, that of the engine where it chose none."""
    kept = CaseRule.objects.filter(campaign_id=campaign_id).first()
    return CaseRule(campaign_id=campaign_id) if kept is None else kept


def due_from(at: datetime, campaign_id: int) -> datetime:
    """Return when a case that begins at `at` is due: when the last of its days is over, here."""
    return day_after(at, rule_of(campaign_id).due_days)


def day_after(at: datetime, days: int) -> datetime:
    """Return the first moment of the day that follows `days` days after `at`, here."""
    day = timezone.localtime(at).date() + timedelta(days=days + 1)
    return timezone.make_aware(datetime.combine(day, time()))


STEPS: tuple[tuple[str, Promise, Promise], ...] = (
    (
        "disconnect",
        _lazy("Disconnect it from the network"),
        _lazy("Pull out the cable, turn off Wi-Fi. Leave the machine switched on."),
    ),
    (
        "scan",
        _lazy("Scan the whole machine"),
        _lazy("With the tool of the campaign, from a clean USB stick. Keep the report."),
    ),
    (
        "cracked",
        _lazy("Remove cracked software"),
        _lazy("Activation tools and cracks too: most infections come with them."),
    ),
    (
        "rescan",
        _lazy("Update and scan again"),
        _lazy("Until the scan finds nothing more. If it still does, install the system anew."),
    ),
    (
        "passwords",
        _lazy("Change the passwords"),
        _lazy("Of all who use this machine, from another machine."),
    ),
)
"""Code, title and hint of each step, in their order."""

CODES = tuple(code for code, _title, _hint in STEPS)


def step_title(code: str) -> str:
    """Return the title of a step, its code where it is none of ours."""
    return next((str(title) for one, title, _hint in STEPS if one == code), str(code))


def set_rule(
    campaign: Campaign, *, due_days: int, covered_days: int, alive_days: int, actor: User
) -> None:
    """Set the rule; every case is judged anew by it, new ones are due by it."""
    if alive_days > covered_days:
        raise Refused(_("More days alive than days covered."), field="alive_days")
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        before = rule_of(campaign.pk)
        values = {"due_days": due_days, "covered_days": covered_days, "alive_days": alive_days}
        event = record(
            "cases.rule",
            actor=actor,
            kind="campaign",
            object_id=campaign.pk,
            unit_path=campaign.lead_unit.path,
            detail={name: [getattr(before, name), value] for name, value in values.items()},
        )
        CaseRule.objects.update_or_create(campaign=campaign, defaults=values)
        for node_id in campaign.nodes.filter(cases__isnull=False).distinct().values_list("pk"):
            key = f"cases.judge_node:{node_id[0]}:rule:{event.seq}"
            enqueue("cases.judge_node", key=key, payload={"node": node_id[0], "reopens": "proof"})


def technicians_of(*unit_ids: int) -> QuerySet[User]:
    """Return the technicians and focal points of these units, by name."""
    today = timezone.localdate()
    return (
        User.objects.filter(
            Q(assignments__valid_to__isnull=True) | Q(assignments__valid_to__gt=today),
            is_active=True,
            assignments__unit_id__in=unit_ids,
            assignments__role__in=[Role.TECHNICIAN, Role.FOCAL_POINT],
            assignments__valid_from__lte=today,
        )
        .distinct()
        .order_by("name", "pk")
    )
