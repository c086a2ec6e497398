"""Until when a letter may ask its recipients to report: never later than its own unit is due."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import CampaignNode, Slot
from quetsach_portal.letters.models import Letter
from quetsach_portal.web.problems import Refused


def own_deadline(node: CampaignNode) -> date | None:
    """Return the day before which `node` itself has to report, in its current phase; or None."""
    return _day(Slot.objects.filter(node=node))


def usual_deadline(node: CampaignNode) -> date | None:
    """Return the day before which the children of `node` are due, the earliest of theirs."""
    return _day(Slot.objects.filter(node__parent=node)) or own_deadline(node)


def latest_deadline(letter: Letter) -> date | None:
    """Return the latest day that `letter` may name, or None where nothing binds it."""
    days = [own_deadline(letter.node)]
    if letter.based_on is not None:
        days.append(letter.based_on.deadline)
    known = [day for day in days if day is not None]
    return min(known, default=None)


def checked_deadline(letter: Letter, day: date) -> date:
    """Return `day` when the letter may name it. Errors: Refused."""
    latest = latest_deadline(letter)
    if latest is not None and day > latest:
        raise Refused(
            _("Your own unit has to report before %(day)s; give a day that is not later.")
            % {"day": date_format(latest, "SHORT_DATE_FORMAT")},
            field="deadline",
        )
    if day <= timezone.localdate():
        raise Refused(_("This day has passed; the deadline lies after today."), field="deadline")
    return day


def _day(slots: QuerySet[Slot]) -> date | None:
    now = timezone.now()
    due = slots.filter(due_at__gt=now).order_by("due_at").values_list("due_at", flat=True).first()
    return None if due is None else timezone.localtime(due).date()
