"""The one mail of the morning: what is new for somebody, and which alerts wait for an answer.

At 07:30 on working days, only when there is something; who only signs gets it once a week. Nothing
in it names a machine, a person or an indicator: a subject of news does not.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.alerts.models import Alert, AlertState
from quetsach_portal.campaigns.deadlines import MORNING, is_working_day
from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.mail import outbox
from quetsach_portal.mail.message import MailDraft, MailNotNeeded, one_line
from quetsach_portal.mail.models import MailPurpose
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import (
    MailSort,
    NewsEvent,
    NewsKind,
    NewsMail,
    NewsReader,
)
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.news.mail_choices import is_off, with_way_out
from quetsach_portal.people.news.readers import READERS, SETTLED, unread_of
from quetsach_portal.people.roles.scope import Scope, scope_of

LATEST_HOUR = 12
"""A portal that was away in the morning sends the mail until noon."""

LOOKS_BACK = timedelta(days=8)
USERS_AT_ONCE = 200
SHOWN = 20


def send_digests(work: RunningJob) -> None:
    """Ask for the mails of this morning; a periodic job, each person is looked at once a day."""
    now = timezone.now()
    local = timezone.localtime(now)
    if not is_working_day(now) or local.time() < MORNING or local.hour >= LATEST_HOUR:
        return
    for users in _to_look_at(now):
        for user in users:
            with transaction.atomic():
                look_at(user, now)
        work.renew()


def _to_look_at(now: datetime) -> Iterator[Sequence[User]]:
    """Yield, some at a time, the people in units with news or open alerts, not looked at today."""
    today = timezone.localtime(now).date()
    events = NewsEvent.objects.filter(at__gte=now - LOOKS_BACK)
    alerts = Alert.objects.filter(state=AlertState.TOLD)
    units = Q(unit__in=events.values("unit")) | Q(unit__in=alerts.values("node__unit"))
    holders = Assignment.objects.filter(
        units, Q(valid_to__isnull=True) | Q(valid_to__gt=today), valid_from__lte=today
    )
    looked = NewsReader.objects.filter(looked_on=today)
    last = 0
    while True:
        rows = User.objects.filter(
            pk__in=holders.values("user"), is_active=True, pk__gt=last
        ).exclude(pk__in=looked.values("user"))
        users = list(rows.order_by("pk")[:USERS_AT_ONCE])
        if not users:
            return
        last = users[-1].pk
        yield users


def look_at(user: User, now: datetime) -> NewsMail | None:
    """Return the mail to `user` of this day or week, asked for now; None where there is no need.

    News that is not SETTLED yet is left to the next one. The caller holds the transaction.
    """
    today = timezone.localtime(now).date()
    reader, _is_new = NewsReader.objects.get_or_create(user=user)
    reader = NewsReader.objects.select_for_update().get(pk=reader.pk)
    if reader.looked_on == today:
        return None
    scope = scope_of(user, today)
    reader.looked_on = today
    key = _key_of(scope, today)
    mail = None
    if not is_off(user.email, _sort_of(scope)) and not _was_sent(user, key):
        events = _fresh(scope, reader.mailed_until).filter(
            at__gte=now - LOOKS_BACK, at__lt=now - SETTLED
        )
        until = events.order_by("-pk").values_list("pk", flat=True).first()
        if until is not None or unanswered(scope).exists():
            after = reader.mailed_until
            mail = NewsMail.objects.create(user=user, key=key, after=after, until=until or after)
            reader.mailed_until = mail.until
            outbox.enqueue(MailPurpose.NEWS, mail.pk, user.email, key=f"news:{mail.pk}")
    reader.save(update_fields=["looked_on", "mailed_until"])
    return mail


def _was_sent(user: User, key: str) -> bool:
    return NewsMail.objects.filter(user=user, key=key).exists()


def _fresh(scope: Scope, after: int) -> QuerySet[NewsEvent]:
    return unread_of(scope).filter(pk__gt=after)


def unanswered(scope: Scope) -> QuerySet[Alert]:
    """Return the alerts of one's own units that were told and wait for an answer."""
    units = scope.own_units(*READERS[NewsKind.ALERT])
    return Alert.objects.filter(
        node__unit_id__in=units,
        state=AlertState.TOLD,
        node__campaign__state=CampaignState.LIVE,
    )


def _is_weekly(scope: Scope) -> bool:
    """Return whether the person only signs: chiefs are told once a week."""
    return {seat.role for seat in scope.seats} == {Role.SIGNER}


def _sort_of(scope: Scope) -> MailSort:
    return MailSort.WEEKLY if _is_weekly(scope) else MailSort.DIGEST


def _key_of(scope: Scope, day: date) -> str:
    """Return the day, or the week for who is told weekly: on its first working day."""
    if _is_weekly(scope):
        year, week, _weekday = day.isocalendar()
        return f"{year}-W{week:02}"
    return day.isoformat()


def compose(mail_id: int) -> MailDraft:
    """Return the mail as its reader's roles of now allow it.

    Errors: MailNotNeeded where all of it was read or may not be read any more.
    """
    mail = NewsMail.objects.select_related("user").filter(pk=mail_id).first()
    if mail is None or not mail.user.is_active:
        raise MailNotNeeded("nobody is told any more")
    scope = scope_of(mail.user)
    events = list(_fresh(scope, mail.after).filter(pk__lte=mail.until).order_by("-pk"))
    waiting = unanswered(scope).count()
    if not events and not waiting:
        raise MailNotNeeded("all of it was read before the mail went out")
    with translation.override(mail.user.language):
        draft = MailDraft(
            _subject(len(events), waiting), _body(events, waiting), mail.user.language
        )
    return with_way_out(draft, mail.user.email, _sort_of(scope))


def _subject(count: int, waiting: int) -> str:
    if not count:
        return _unanswered_words(waiting)
    words = ngettext("%(count)s piece of news", "%(count)s pieces of news", count)
    return words % {"count": count}


def _unanswered_words(waiting: int) -> str:
    words = ngettext(
        "%(count)s alert waits for an answer", "%(count)s alerts wait for an answer", waiting
    )
    return words % {"count": waiting}


def _body(events: Sequence[NewsEvent], waiting: int) -> str:
    lines = [_("New for you in the portal:"), ""] if events else []
    lines += [f"- {NewsKind(row.kind).label}: {one_line(row.about)}" for row in events[:SHOWN]]
    if len(events) > SHOWN:
        lines.append(_("and %(count)s more") % {"count": len(events) - SHOWN})
    if waiting:
        lines += ["", f"{_unanswered_words(waiting)}.", _address("alerts:index")]
    day = date_format(timezone.localdate(), "SHORT_DATE_FORMAT")
    end = _("This mail has no attachment and does not ask for a password. Written on %(day)s.")
    lines += ["", _("Read it here (sign-in required):"), _address("news:index"), ""]
    return "\n".join([*lines, end % {"day": day}]) + "\n"


def _address(name: str) -> str:
    return f"{settings.QUETSACH.public_url}{reverse(name)}"
