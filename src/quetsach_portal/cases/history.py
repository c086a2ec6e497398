"""The history of a case, in rows and in words; its lock, its steps and the counters above it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.instructions.steps import WORK, instruction
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.counters import add
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.cases.models.case import (
    Case,
    CaseEvent,
    CaseOutcome,
    CaseRule,
    CaseState,
    FalseAlarm,
    HandlingKind,
)
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused

Counts = dict[str, int]

COUNTERS = ("cases_open", "cases_verified", "cases_recurred", "cases_other")


def audit(
    action: str, case: Case, actor: User | None, detail: Mapping[str, object] | None = None
) -> None:
    """Write an act on `case` into the audit trail."""
    record(
        action,
        actor=actor,
        kind="case",
        object_id=case.pk,
        unit_path=case.node.unit.path,
        detail=detail,
    )


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
    """Return the share of each node itself in the counters, by their names, for a recount."""
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
    """Reopen `case`, with all work to be done again; the caller saves it."""
    ended = case.outcome
    case.outcome, case.closed_at, case.review_on = "", None, None
    case.isolated_at = None
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


def _told(code: str, part: str) -> str:
    """Return the title or text of a step in the language of the page."""
    return str(getattr(instruction(code, "en" if get_language() == "en" else "vi"), part))


_lazily = lazy(_told, str)
STEPS: tuple[tuple[str, str, str], ...] = tuple(
    (code, _lazily(code, "title"), _lazily(code, "text"))
    for code in ("disconnect", "leave_on", *WORK)
)
"""Code, title and hint of what the histories of older cases name as ticked, in their order."""


def step_title(code: str) -> str:
    """Return the title of a step, its code where it is none of ours."""
    return next((str(title) for one, title, _hint in STEPS if one == code), str(code))


def set_rule(
    campaign: Campaign, *, due_days: int, covered_days: int, alive_days: int, actor: User
) -> None:
    """Set the rule; every case is judged again by it, new ones are due by it."""
    if alive_days > covered_days:
        raise Refused(_("There are more active days than covered days."), field="alive_days")
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


Detail = Mapping[str, Any]


def event_text(event: CaseEvent) -> str:
    """Return what happened, in one sentence without its end."""
    describe = _EVENTS.get(event.kind)
    return event.kind if describe is None else describe(event.detail)


def _source(detail: Detail) -> str:
    """Return where findings came from; what the intake calls "submission:7" is evidence no. 7."""
    source = str(detail.get("source") or "–")
    kind, _colon, number = source.partition(":")
    return _("evidence no. %(number)s") % {"number": number} if kind == "submission" else source


def _sighted(detail: Detail) -> str:
    count = int(detail.get("count", 0))
    text = ngettext("%(count)s new sighting attached", "%(count)s new sightings attached", count)
    return text % {"count": count}


def _ticked(detail: Detail) -> str:
    done = ", ".join(step_title(code) for code in detail.get("done", ())) or _("no step")
    return _("steps ticked: %(steps)s") % {"steps": done}


def _alarm(detail: Detail) -> str:
    text = _ALARMS.get(str(detail.get("state")), _ALARMS["proposed"])
    scope = _label(FalseAlarm.Reach, detail.get("scope"))
    return str(text) % {"indicator": detail.get("indicator", ""), "scope": scope}


_REOPENED = {
    "sighting": _lazy("case reopened: the device was seen again"),
    "proof": _lazy("case reopened: the proof that it was clean is no longer valid"),
    "review": _lazy("case reopened: the day of the review has come"),
    "verifier": _lazy("case reopened by the unit above"),
    "alarm": _lazy("case reopened: the false alarm was withdrawn"),
    "list": _lazy("case reopened: the list has the indicator again"),
    "split": _lazy("case reopened: the merge was undone"),
}
_ALARMS = {
    "proposed": _lazy("false alarm proposed for %(indicator)s (%(scope)s)"),
    "approved": _lazy("false alarm approved for %(indicator)s (%(scope)s)"),
    "refused": _lazy("false alarm refused for %(indicator)s (%(scope)s)"),
    "withdrawn": _lazy("false alarm withdrawn for %(indicator)s (%(scope)s)"),
}
_ANSWERED = {
    "found": _lazy("the unit answered: the machine was found"),
    "cleaned": _lazy("the unit answered: it was cleaned"),
    "not-ours": _lazy("the unit answered: it is not a machine of theirs"),
    "help": _lazy("the unit answered: help is needed"),
}
_EVENTS: dict[str, Callable[[Detail], str]] = {
    "opened": lambda of: _("case opened by %(source)s") % {"source": _source(of)},
    "by_hand": lambda of: (
        _("made by hand from a line that only mentions %(indicator)s")
        % {"indicator": of.get("indicator", "")}
    ),
    "sighted": _sighted,
    "closed": lambda of: (
        _("case closed: %(outcome)s") % {"outcome": _label(CaseOutcome, of.get("outcome"))}
    ),
    "reopened": lambda of: str(_REOPENED.get(str(of.get("because")), _("case reopened"))),
    "judged": lambda of: (
        _("state according to the evidence: %(before)s → %(after)s")
        % {"before": _label(CaseState, of.get("from")), "after": _label(CaseState, of.get("to"))}
    ),
    "recurred": lambda of: (
        _("infected again after a handling (time %(number)s)") % {"number": of.get("number", "?")}
    ),
    "handled": lambda of: (
        _("%(what)s, at %(when)s")
        % {"what": _label(HandlingKind, of.get("kind")), "when": _moment(of.get("at"))}
    ),
    "withdrawn": lambda of: (
        _("withdrawn, it was a mistake: %(what)s") % {"what": _label(HandlingKind, of.get("kind"))}
    ),
    "evidence_gone": lambda of: _("%(source)s was withdrawn") % {"source": _source(of)},
    "assigned": lambda of: (
        _("assigned to %(who)s") % {"who": of["to"]}
        if of.get("to")
        else _("no longer assigned to anybody")
    ),
    "due": lambda of: _("due date set to %(day)s") % {"day": _day(of.get("to"))},
    "ticked": _ticked,
    "file": lambda of: _("evidence file added: %(name)s") % {"name": of.get("name", "")},
    "named": lambda of: _("name of the machine set to “%(label)s”") % {"label": of.get("to", "")},
    "owner": lambda of: (
        _("the unit says: clean")
        if of.get("says") == "clean"
        else _("the unit says: not yet clean")
    ),
    "verifier": lambda of: (
        _("the unit above has checked it and agrees")
        if of.get("says") == "verified"
        else _("the unit above does not agree")
    ),
    "alarm": _alarm,
    "merged": lambda of: (
        _("merged with case %(number)s: the same machine") % {"number": of.get("with", "")}
    ),
    "split": lambda of: (
        _("split from case %(number)s: two machines") % {"number": of.get("from", "")}
    ),
    "notice": lambda _of: _("named by a notice of the authority"),
    "answered": lambda of: (
        str(_ANSWERED.get(str(of.get("answer")), _("the unit answered")))
        + (f" ({_('by the link of a mail')})" if of.get("by_link") else "")
    ),
}
"""What each kind of event is in words."""


def _label(choices: Any, code: Any) -> str:
    try:
        return str(choices(code).label)
    except ValueError:
        return str(code)


def _moment(iso_moment: Any) -> str:
    try:
        at = datetime.fromisoformat(str(iso_moment))
    except ValueError:
        return str(iso_moment)
    return str(date_format(timezone.localtime(at), "H:i d/m/Y"))


def _day(iso_day: Any) -> str:
    try:
        return str(date_format(date.fromisoformat(str(iso_day)[:10]), "d/m/Y"))
    except ValueError:
        return str(iso_day)


def locked(case_id: int, version: int | None = None) -> Case:
    """Return the case with its row locked, as it is now.

    Errors: Refused when it is no longer what the person saw (`version`), is part of another case,
    or its campaign is archived.
    """
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("node__unit", "node__campaign", "device")
        .get(pk=case_id)
    )
    if version is not None and case.version != version:
        raise Refused(changed_text(case))
    if case.outcome == CaseOutcome.MERGED:
        raise Refused(_("This case is now part of another case. Work on that one."))
    if case.node.campaign.state == CampaignState.ARCHIVED:
        raise Refused(_("The campaign is archived: its cases can no longer be changed."))
    return case


def changed_text(case: Case) -> str:
    """Return who changed the case in the meantime, and how."""
    # What an act made the engine say comes after it; the act itself is what the person did.
    acts = CaseEvent.objects.filter(case=case).exclude(kind__in=["judged", "recurred"])
    last = acts.select_related("by").order_by("-pk").first()
    if last is None:
        return _("The case has changed in the meantime. Look at it again.")
    return _("The case has changed in the meantime: %(what)s (%(who)s, %(when)s).") % {
        "what": event_text(last),
        "who": str(last.by) if last.by else _("the system"),
        "when": date_format(timezone.localtime(last.at), "H:i d/m/Y"),
    }


def open_only(case: Case) -> None:
    """Refuse when the case is closed."""
    if case.closed_at is not None:
        raise Refused(_("The case is closed. A new sighting or a verifier can reopen it."))
