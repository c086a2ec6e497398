"""Who sees which alerts, and what of them stands on the first page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.alerts import channels
from quetsach_portal.alerts.channels import problem_text
from quetsach_portal.alerts.models import (
    OPEN_STATES,
    TO_OFFICE,
    WANTS_OFFICE,
    Alert,
    AlertAnswer,
    AlertChannel,
    AlertKind,
    AlertLevel,
    AlertMail,
    AlertState,
    ChannelMessage,
)
from quetsach_portal.cases.access import COUNTERS, WORKERS
from quetsach_portal.cases.tables import case_id_in
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.mail.models import MailPurpose
from quetsach_portal.mail.outbox import why_waiting
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.units.models import OrgUnit, UnitContact
from quetsach_portal.web.compiled_queries import CompiledQuery
from quetsach_portal.web.tables import Column, LongList


@dataclass(frozen=True)
class AlertRow:
    """An alert as the list shows it.

    Shapes: `mail` is the newest mail to the unit, None where none went out; `phones` are numbers
    of the unit, for offices above it; `is_own` says whether the person works its case; `lost_on`
    names the channels that have not taken it.
    """

    alert: Alert
    mail: AlertMail | None
    phones: Sequence[str]
    is_own: bool
    lost_on: str = ""

    @property
    def shows_remark(self) -> bool:
        """Return whether the person reads the remark: who is asked to help has to know it."""
        wants_office = self.alert.answer in WANTS_OFFICE
        return bool(self.alert.remark) and (self.is_own or wants_office)


ALERTS = LongList(
    _lazy("Alerts"),
    {
        "unit": Column(_lazy("Unit"), "node__name_at_freeze"),
        "case": Column(_lazy("Case"), "case_id", is_optional=True),
        "what": Column(_lazy("What happened"), "raised_at"),
        "state": Column(_lazy("State"), "state"),
        "mail": Column(_lazy("Mail to the unit")),
        "phone": Column(_lazy("Telephone")),
    },
    folded_in=("node__unit__search",),
    text_in=("node__name_at_freeze",),
    find=lambda words: Q(case_id=case_id_in(words)) & Q(case_id__isnull=False),
    late=lambda: Q(state__in=OPEN_STATES, due_at__lte=timezone.now()),
)


def readers_only(scope: Scope) -> None:
    """Do nothing for who sees alerts of some unit. Errors: PermissionDenied."""
    if not scope.has_role(*WORKERS, *COUNTERS):
        raise PermissionDenied(_("Your role has no access to cases."))


def alerts_for(scope: Scope, *, everything: bool = False) -> QuerySet[Alert]:
    """Return the open alerts of the person's units and of those directly below, the newest first.

    An office sees of the units further down what nobody between answered in time. With `everything`
    those that ended as well.
    """
    rows = Alert.objects.filter(_seen(scope.own_units(*WORKERS), scope.own_units(*COUNTERS)))
    if not everything:
        rows = rows.filter(Q(state__in=OPEN_STATES) | Q(answer__in=WANTS_OFFICE))
        rows = rows.filter(case__closed_at__isnull=True).exclude(state=AlertState.CLOSED)
    related = ("case", "node__campaign", "node__unit")
    return rows.select_related(*related).order_by("-raised_at", "-pk")


def _seen(own: Collection[int], above: Collection[int]) -> Q:
    further_down = Q(level=AlertLevel.LEAD) | Q(answer__in=WANTS_OFFICE)
    return (
        Q(node__unit_id__in=[*own, *above])
        | Q(node__parent__unit_id__in=above)
        | (further_down & Q(node__campaign__lead_unit_id__in=above))
    )


def open_alert_for(scope: Scope, alert_id: int) -> Alert:
    """Return an open alert of a unit in which the person works cases. Errors: Http404."""
    rows = Alert.objects.filter(node__unit_id__in=scope.own_units(*WORKERS), pk=alert_id)
    return get_or_404(rows.filter(state__in=OPEN_STATES).select_related("case__device", "node"))


def rows_of(scope: Scope, alerts: Sequence[Alert]) -> list[AlertRow]:
    """Return the rows of a page. Cost: three queries."""
    own = scope.own_units(*WORKERS)
    mails: dict[int, AlertMail] = {}
    links = AlertMail.alerts.through.objects.filter(alert__in=[alert.pk for alert in alerts])
    for link in (
        links.exclude(alertmail__kind__in=TO_OFFICE).select_related("alertmail").order_by("pk")
    ):
        mails[link.alert_id] = link.alertmail
    lost: dict[int, list[str]] = {}
    for late in ChannelMessage.alerts.through.objects.filter(
        ~Q(channelmessage__problem=""), alert__in=[alert.pk for alert in alerts]
    ).select_related("channelmessage__channel"):
        lost.setdefault(late.alert_id, []).append(str(late.channelmessage.channel))
    phones: dict[int, list[str]] = {}
    contacts = UnitContact.objects.filter(
        unit__in=[alert.node.unit_id for alert in alerts], valid_to__isnull=True
    ).exclude(phone="")
    for contact in contacts.order_by("pk"):
        phones.setdefault(contact.unit_id, []).append(contact.phone)
    return [
        AlertRow(
            alert=alert,
            mail=mails.get(alert.pk),
            phones=[] if alert.node.unit_id in own else phones.get(alert.node.unit_id, []),
            is_own=alert.node.unit_id in own,
            lost_on=", ".join(lost.get(alert.pk, [])),
        )
        for alert in alerts
    ]


# Channels: a unit's focal point keeps those of the unit, the lead office's people its own.

KEEPERS = (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.FOCAL_POINT)


@dataclass(frozen=True)
class ChannelRow:
    """A channel, the newest message to it (None where none went), and what went wrong."""

    channel: AlertChannel
    message: ChannelMessage | None

    @property
    def problem(self) -> str:
        """Return why the newest message has not arrived, "" where it has."""
        return problem_text(self.message.problem) if self.message else ""


def keepers_only(scope: Scope) -> None:
    """Let pass who keeps the channels of some unit. Errors: PermissionDenied."""
    if not scope.has_role(*KEEPERS):
        raise PermissionDenied(_("Your role does not keep channels."))


def kept_units(scope: Scope) -> list[OrgUnit]:
    """Return the units whose channels the person keeps."""
    return list(OrgUnit.objects.filter(pk__in=scope.own_units(*KEEPERS)).order_by("depth", "pk"))


def kept_unit_for(scope: Scope, unit_id: int) -> OrgUnit:
    """Return the unit if the person keeps its channels. Errors: Http404."""
    units = OrgUnit.objects.filter(pk__in=scope.own_units(*KEEPERS))
    return get_or_404(units.filter(pk=unit_id))


def channels_for(scope: Scope) -> QuerySet[AlertChannel]:
    """Return the channels that the person keeps."""
    return channels.standing(scope.own_units(*KEEPERS))


def channel_for(scope: Scope, channel_id: int) -> AlertChannel:
    """Return the channel if the person keeps it. Errors: Http404."""
    return get_or_404(channels_for(scope).filter(pk=channel_id))


def channel_rows(scope: Scope) -> list[ChannelRow]:
    """Return the channels that the person keeps, with what became of the newest message."""
    kept = list(channels_for(scope))
    newest = channels.newest_messages(kept)
    return [ChannelRow(channel, newest.get(channel.pk)) for channel in kept]


def channel_hosts() -> list[str]:
    """Return the hosts that the operator allows."""
    return list(settings.QUETSACH.channel_hosts)


def why_mails_wait() -> str:
    """Return why mails about alerts wait, "" when nothing keeps them."""
    return why_waiting(MailPurpose.ALERT)


def today_for_office(scope: Scope) -> list[CaseTask]:
    """Return what the offices of the person have to see to: units to telephone, help, not ours.

    Cost: one query.
    """
    above = scope.own_units(*COUNTERS)
    if not above:
        return []
    lines = (
        ("silent", _("Units to telephone: no answer to an alert"), "bad"),
        (AlertAnswer.HELP, _("Units that need help"), "bad"),
        (AlertAnswer.NOT_OURS, _("Machines that a unit says are not theirs"), "warn"),
    )
    counts = {row["answer"] or "silent": row["nodes"] for row in _WAITING(units=above)}
    return [
        CaseTask(title, str(counts[code]), reverse("alerts:index"), tone)
        for code, title, tone in lines
        if counts.get(code)
    ]


def today_for_unit(scope: Scope) -> list[CaseTask]:
    """Return how many alerts about notices the person's units have not ended. Cost: one query.

    New machines stand on the page as cases, logs by `sensors`.
    """
    rows = _NOTICES(units=scope.own_units(*WORKERS))
    count = rows[0]["count"] if rows else 0
    title = _("Notices of the authority to answer")
    return [CaseTask(title, str(count), reverse("alerts:index"), "bad")] if count else []


_NOTICES = CompiledQuery(
    lambda units: (
        Alert.objects.filter(node__unit_id__in=units, kind=AlertKind.NOTICE.value)
        .exclude(state=AlertState.CLOSED)
        .order_by()
        .values("kind")
        .annotate(count=Count("pk"))
    )
)


def _waiting(units: Collection[int]) -> QuerySet[Any, Any]:
    """Return how many units wait for an office, by their answer."""
    below = Q(node__parent__unit_id__in=units)
    led = Q(node__campaign__lead_unit_id__in=units)
    silent = Q(state__in=OPEN_STATES) & (
        (below & Q(level__gte=AlertLevel.PARENT)) | (led & Q(level=AlertLevel.LEAD))
    )
    return (
        Alert.objects.filter(
            silent | (Q(answer__in=WANTS_OFFICE) & (below | led)), case__closed_at__isnull=True
        )
        .exclude(state=AlertState.CLOSED)
        .order_by()
        .values("answer")
        .annotate(nodes=Count("node_id", distinct=True))
    )


_WAITING = CompiledQuery(_waiting)
