"""False alarms: propose, decide, and write the decisions file that a sweep follows."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Case as Ordered
from django.db.models import Count, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api import lists
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.cases import history
from quetsach_portal.cases.history import locked
from quetsach_portal.cases.judging import judge_cases, locked_cases
from quetsach_portal.cases.markings import is_for_unit_alone, withheld
from quetsach_portal.cases.models.case import Case, FalseAlarm, Finding
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.web.acts import Refused

HOLDS_DAYS = 180
"""After this a decision is asked again: what is harmless today may be taken over tomorrow."""

State, Reach = FalseAlarm.State, FalseAlarm.Reach


def propose(
    case_id: int,
    *,
    keys: Collection[str],
    scope: str,
    reason: str,
    actor: User,
    version: int | None = None,
) -> list[FalseAlarm]:
    """Say that these indicators mean nothing here; what is wider than the device waits.

    Errors: Refused without reason or indicator, or where one is decided or proposed already.
    """
    if not reason.strip():
        raise Refused(_("Give the reason for the false alarm."), field="reason")
    with transaction.atomic():
        case = locked(case_id, version)
        findings = list(_of_case(case).filter(key__in=keys, set_aside__isnull=True))
        shown = {finding.key: finding.shown for finding in findings}
        markings = {finding.key: finding.tlp for finding in findings}
        if not findings or set(shown) != set(keys):
            raise Refused(_("Choose at least one indicator of this device."), field="keys")
        before = FalseAlarm.objects.filter(case=case, key__in=keys)
        if before.filter(state__in=[State.PROPOSED, State.APPROVED]).exists():
            raise Refused(_("A false alarm was already proposed for one of these."), field="keys")
        named = sorted(withheld() if is_for_unit_alone(markings[key]) else key for key in keys)
        history.audit("case.false_alarm", case, actor, {"scope": scope, "keys": named})
        alarms = [
            FalseAlarm.objects.create(
                case=case,
                key=key,
                shown=shown[key],
                tlp=markings[key],
                scope=Reach(scope),
                reason=reason[:500],
                proposed_by=actor,
            )
            for key in sorted(shown)
        ]
        case.version += 1
        case.save(update_fields=["version"])
        for alarm in alarms:
            _note(case, alarm, actor, reason)
            if scope == Reach.DEVICE:
                _approve(alarm, actor, "")
                _note(case, alarm, actor, "")
        if scope == Reach.DEVICE:
            _of_case(case).filter(key__in=keys).update(set_aside=alarms[0])
            judge_cases([case], actor=actor)
    return alarms


def decide(alarm_id: int, *, approve: bool, answer: str, actor: User) -> None:
    """Approve or refuse a proposal; approved, it reaches every case in its scope.

    Cost: the cases of the proposing node at once, those of other nodes by jobs.
    Errors: Refused when it was decided already, or refused without an answer.
    """
    with transaction.atomic():
        alarm = _locked_alarm(alarm_id)
        if alarm.state != State.PROPOSED:
            raise Refused(_decided_text(alarm))
        if approve and alarm.proposed_by_id == actor.pk:
            raise Refused(_("A second person has to approve what you proposed."))
        if approve:
            refuse_same_hand(alarm.proposed_by_id, actor)
        if not approve and not answer.strip():
            raise Refused(_("Give a reason, so that the unit knows what to do."), field="answer")
        cases = locked_cases(alarm.case.node_id)
        case = next((case for case in cases if case.pk == alarm.case_id), alarm.case)
        verb = "approved" if approve else "refused"
        history.audit(f"case.false_alarm_{verb}", case, actor, {"key": _audited(alarm)})
        if approve:
            _approve(alarm, actor, answer)
        else:
            alarm.state, alarm.answer = State.REFUSED, answer[:500]
            alarm.decided_by, alarm.decided_at = actor, timezone.now()
            alarm.save()
        _note(case, alarm, actor, answer)
        if approve:
            _in_scope(alarm).filter(set_aside__isnull=True).update(set_aside=alarm)
            judge_cases(cases, actor=actor)
            _judge_elsewhere(alarm)


def withdraw(alarm_id: int, *, actor: User | None) -> None:
    """Take a proposal or an approved one back: what it set aside counts again."""
    with transaction.atomic():
        alarm = _locked_alarm(alarm_id)
        if alarm.state not in (State.PROPOSED, State.APPROVED):
            raise Refused(_decided_text(alarm))
        cases = locked_cases(alarm.case.node_id)
        case = next((case for case in cases if case.pk == alarm.case_id), alarm.case)
        history.audit("case.false_alarm_withdrawn", case, actor, {"key": _audited(alarm)})
        alarm.state = State.WITHDRAWN
        alarm.decided_at = timezone.now()
        alarm.save(update_fields=["state", "decided_at"])
        _note(case, alarm, actor, "")
        Finding.objects.filter(set_aside=alarm).update(set_aside=None)
        judge_cases(cases, actor=actor, reopens="alarm")
        _judge_elsewhere(alarm)


def set_aside_standing(node: CampaignNode) -> None:
    """Set aside the findings of `node` that an approved decision of its unit or campaign covers."""
    for alarm in standing(node):
        _in_scope(alarm).filter(origin__node=node, set_aside__isnull=True).update(set_aside=alarm)


def standing(node: CampaignNode) -> QuerySet[FalseAlarm]:
    """Return the approved decisions that reach `node` beyond a single device, and still hold."""
    approved = FalseAlarm.objects.filter(state=State.APPROVED, holds_until__gt=timezone.now())
    unit = approved.filter(scope=Reach.UNIT, case__node=node)
    whole = approved.filter(scope=Reach.CAMPAIGN, case__node__campaign_id=node.campaign_id)
    return (unit | whole).order_by("decided_at", "pk")


def expired() -> QuerySet[FalseAlarm]:
    """Return the approved decisions whose time is over."""
    over = FalseAlarm.objects.filter(state=State.APPROVED, holds_until__lte=timezone.now())
    return over.exclude(case__node__campaign__state=CampaignState.ARCHIVED)


def _of_case(case: Case) -> QuerySet[Finding]:
    mine = Finding.objects.filter(device=case.device)
    return mine | Finding.objects.filter(device__merged_into=case.device)


def _in_scope(alarm: FalseAlarm) -> QuerySet[Finding]:
    rows = Finding.objects.filter(key=alarm.key)
    if alarm.scope == Reach.CAMPAIGN:
        return rows.filter(origin__node__campaign_id=alarm.case.node.campaign_id)
    return rows.filter(origin__node_id=alarm.case.node_id)


def _judge_elsewhere(alarm: FalseAlarm) -> None:
    if alarm.scope != Reach.CAMPAIGN:
        return
    others = (
        Finding.objects.filter(key=alarm.key, origin__node__campaign_id=alarm.case.node.campaign_id)
        .exclude(origin__node_id=alarm.case.node_id)
        .values_list("origin__node_id", flat=True)
        .distinct()
    )
    for node_id in others:
        key = f"cases.judge_node:{node_id}:alarm:{alarm.pk}:{alarm.state}"
        enqueue("cases.judge_node", key=key, payload={"node": node_id, "reopens": "alarm"})


def _approve(alarm: FalseAlarm, actor: User, answer: str) -> None:
    now = timezone.now()
    alarm.state, alarm.answer = State.APPROVED, answer[:500]
    alarm.decided_by, alarm.decided_at = actor, now
    alarm.holds_until = history.day_after(now, HOLDS_DAYS)
    alarm.save()


def _audited(alarm: FalseAlarm) -> str:
    # The trail is read above the unit, too.
    return withheld() if is_for_unit_alone(alarm.tlp) else alarm.key


def _locked_alarm(alarm_id: int) -> FalseAlarm:
    rows = FalseAlarm.objects.select_for_update(of=("self",))
    return rows.select_related("case__node__unit", "case__device").get(pk=alarm_id)


def _decided_text(alarm: FalseAlarm) -> str:
    return _("This was already decided: %(state)s (%(who)s).") % {
        "state": alarm.get_state_display(),
        "who": str(alarm.decided_by) if alarm.decided_by else _("the system"),
    }


def _note(case: Case, alarm: FalseAlarm, actor: User | None, remark: str) -> None:
    detail = {"state": alarm.state, "scope": alarm.scope, "indicator": alarm.shown}
    history.note(case, "alarm", by=actor, detail=detail, remark=remark)


def in_order(alarms: QuerySet[FalseAlarm]) -> QuerySet[FalseAlarm]:
    """Return what waits first, then the newest decisions."""
    waiting = Ordered(When(state=State.PROPOSED, then=0), default=1)
    return alarms.annotate(waits=waiting).order_by("waits", "-pk")


@dataclass(frozen=True)
class AlarmReach:
    """Devices and units that contacted the indicator, and how many of those the proposal covers."""

    devices: int
    units: int
    in_scope: int


def reach_of(alarm: FalseAlarm) -> AlarmReach:
    """Return what approving `alarm` would set aside, in counts. Cost: two queries."""
    rows = Finding.objects.filter(
        key=alarm.key, origin__node__campaign_id=alarm.case.node.campaign_id
    )
    whole = rows.aggregate(
        devices=Count("device", distinct=True), units=Count("origin__node", distinct=True)
    )
    return AlarmReach(whole["devices"], whole["units"], _in_scope(alarm).count())


def decisions_file(node: CampaignNode) -> Path | None:
    """Return the file of decisions that a sweep of `node` has to follow, None where there are none.

    Shapes: what `api.sweep_request(decisions=...)` reads; each indicator gets the class
    `watch-only`, so that it is told and nobody is blamed. The name carries the content's digest.
    """
    decisions = [_decision(one) for one in standing(node)]
    if not decisions:
        return None
    content = lists.decision_lines(decisions)
    digest = hashlib.sha256(content).hexdigest()
    path = Path(settings.QUETSACH.home) / "cases" / "decisions" / f"{digest[:32]}.jsonl"
    if not path.exists():
        lists.write_whole(path, content)
    return path


def _decision(alarm: FalseAlarm) -> lists.Decision:
    assert alarm.holds_until is not None
    assert alarm.decided_at is not None
    return lists.Decision(
        key=alarm.key,
        verdict=lists.AllowDecision.WATCH,
        reason=alarm.reason,
        until=timezone.localtime(alarm.holds_until).isoformat(timespec="seconds"),
        decided=timezone.localtime(alarm.decided_at).isoformat(timespec="seconds"),
        by="lead office",
        classes=("false-alarm",),
    )


def withdraw_own(case: Case, alarm_id: int, actor: User) -> None:
    """Take back what the unit may take back: a proposal, or what reaches this device alone.

    Errors: Refused where the lead office has approved it, or where it is none of the case's.
    """
    alarm = FalseAlarm.objects.filter(pk=alarm_id, case=case).first()
    if alarm is None:
        raise Refused(_("This false alarm does not belong to the case."))
    if alarm.scope != Reach.DEVICE and alarm.state != State.PROPOSED:
        raise Refused(_("The lead office has decided this: only the lead office can withdraw it."))
    withdraw(alarm_id, actor=actor)
