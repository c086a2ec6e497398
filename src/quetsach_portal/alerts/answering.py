"""What a unit answers, by the link of a mail or signed in; none of it closes a case."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.alerts.mails import tell_office
from quetsach_portal.alerts.models import (
    OPEN_STATES,
    WANTS_OFFICE,
    Alert,
    AlertAnswer,
    AlertMail,
    AlertState,
)
from quetsach_portal.audit.record import record
from quetsach_portal.cases import history
from quetsach_portal.cases.actions import record_handling
from quetsach_portal.cases.models.case import Device, Finding, HandlingKind
from quetsach_portal.mail.message import one_line
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused
from quetsach_public.limits import PaceLimits

MOST_SHOWN = 50
"""Machines on the page of a link; whoever has more signs in."""

ANSWERS_AN_HOUR = 120

_of_mail = PaceLimits(ANSWERS_AN_HOUR / 3600, ANSWERS_AN_HOUR)

OF_MACHINE = (AlertAnswer.FOUND, AlertAnswer.CLEANED, AlertAnswer.NOT_OURS, AlertAnswer.HELP)
"""What can be said about a machine."""

OF_MATTER = (AlertAnswer.SEEN, AlertAnswer.HELP)
"""What can be said about anything else."""


def answers_to(alert: Alert) -> tuple[AlertAnswer, ...]:
    """Return what a unit can say about `alert`."""
    return OF_MATTER if alert.case_id is None else OF_MACHINE


def answer_by_link(mail: AlertMail, alert_id: int, answer: str, remark: str = "") -> Alert:
    """Write down what whoever has the link of `mail` says about one of its alerts.

    "Cleaned" becomes a declared handling by nobody's account: it proves nothing.
    Errors: Refused for an alert of another mail, an old link, one that was answered or is over.
    """
    if mail.expires_at <= timezone.now():
        raise Refused(_("This link is no longer valid. Sign in, or ask the office above."))
    if not _of_mail.within(mail.pk):
        raise Refused(_("Too many answers in a short time. Try again in an hour."))
    if not mail.alerts.filter(pk=alert_id).exists():
        raise Refused(_("This mail is about other matters."))
    default = _("Declared by the link of a mail, without an account.")
    return answer_alert(alert_id, answer, remark, actor=None, default=default)


def answer_alert(
    alert_id: int, answer: str, remark: str, *, actor: User | None, default: str = ""
) -> Alert:
    """Write down what a person of the unit says; by nobody's account where it is by a link.

    `default` is the remark of a declared handling without one.
    Errors: Refused for what is no answer, and an alert that was answered or is over.
    """
    remark = one_line(remark)
    with transaction.atomic():
        rows = Alert.objects.select_for_update(of=("self",)).select_related("node__unit")
        alert = rows.get(pk=alert_id)
        if answer not in answers_to(alert):
            raise Refused(_("Choose one of the answers."), field="answer")
        if alert.state not in OPEN_STATES:
            raise Refused(_("This was answered already: %(answer)s.") % {"answer": said_of(alert)})
        _write_down(alert, answer, remark, actor, default)
        alert.state, alert.answer, alert.remark = AlertState.ANSWERED, answer, remark[:300]
        alert.answered_at, alert.due_at = timezone.now(), None
        alert.save()
        if answer in WANTS_OFFICE:
            tell_office(alert)
    return alert


def _write_down(alert: Alert, answer: str, remark: str, actor: User | None, default: str) -> None:
    """Write the answer into the trail and the history of its case."""
    detail: dict[str, object] = {"answer": answer, "by_link": actor is None}
    if alert.case_id is None:
        record(
            "alert.answered",
            actor=actor,
            kind="campaign",
            object_id=alert.node.campaign_id,
            unit_path=alert.node.unit.path,
            detail={**detail, "matter": alert.kind, "alert": alert.pk},
        )
        return
    case = history.locked(alert.case_id)
    history.audit("alert.answered", case, actor, detail)
    history.note(case, "answered", by=actor, detail=detail, remark=remark)
    if answer == AlertAnswer.CLEANED:
        record_handling(
            alert.case_id,
            kind=HandlingKind.CLEANED,
            at=timezone.now(),
            actor=actor,
            remark=remark or default,
        )


@dataclass(frozen=True)
class AlertedMachine:
    """A machine of a mail as its page shows it, for whoever has the link.

    Shapes: `addresses` are inside ones; no indicator and no line of a log is in it, so that no
    marking forbids to show it. `first` and `last` are when it was seen.
    """

    alert: Alert
    name: str
    place: str
    addresses: Sequence[str]
    grade: str
    best: str
    first: datetime | None
    last: datetime | None
    sightings: int
    is_open: bool


def machines_of(mail: AlertMail) -> list[AlertedMachine]:
    """Return what the mail is about, what was not answered first. Cost: three queries."""
    rows = mail.alerts.filter(case__isnull=False).select_related("case__device", "case__node")
    alerts = sorted(rows.order_by("pk"), key=lambda alert: alert.state not in OPEN_STATES)
    pairs = [(alert, alert.case.device) for alert in alerts if alert.case is not None]
    of_device: dict[int, list[Finding]] = defaultdict(list)
    devices = [device.pk for _alert, device in pairs]
    findings = Finding.objects.filter(
        Q(device__in=devices) | Q(device__merged_into__in=devices),
        set_aside__isnull=True,
        withdrawn=False,
    )
    for finding in findings.select_related("device"):
        of_device[finding.device.merged_into_id or finding.device_id].append(finding)
    return [_machine(alert, device, of_device[device.pk]) for alert, device in pairs]


def matters_of(mail: AlertMail) -> list[Alert]:
    """Return what else the mail is about, what was not answered first. Cost: one query."""
    alerts = mail.alerts.filter(case__isnull=True).order_by("pk")
    return sorted(alerts, key=lambda alert: alert.state not in OPEN_STATES)


def _machine(alert: Alert, device: Device, findings: Sequence[Finding]) -> AlertedMachine:
    return AlertedMachine(
        alert=alert,
        name=str(device),
        place=device.place,
        addresses=device.addresses,
        grade=device.grade,
        best=max((one.best_grade for one in findings), key=_GRADES.index, default=""),
        first=min((one.first_seen for one in findings if one.first_seen), default=None),
        last=max((one.last_seen for one in findings if one.last_seen), default=None),
        sightings=sum(one.sightings for one in findings),
        is_open=alert.state in OPEN_STATES,
    )


_GRADES = ("", "mentioned", "asked", "answered", "blocked", "connected", "moved")


def said_of(alert: Alert) -> str:
    """Return the answer in words, or that the alert is over."""
    return str(alert.get_answer_display() if alert.answer else alert.get_state_display())
