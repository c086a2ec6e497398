"""The job that looks at 11:00 whether what was planted today was seen; if not, the unit is told."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.alerts.models import AlertKind
from quetsach_portal.alerts.raising import end_about, raise_about
from quetsach_portal.campaigns.deadlines import is_working_day
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.planted.models import PlantedName, PlantedPlace
from quetsach_portal.planted.observing import plant
from quetsach_portal.planted.standing import KNOWN_AT, NodeNames, PlantedState, names_of

KEY = "planted"
"""One matter a unit, however many places are not seen."""

_LOOK_BACK_DAYS = 30


def look_after(work: RunningJob) -> None:
    """Write down what is planted today, and raise or end the alerts about it; a job's handler.

    Nothing is raised before 11:00 or on a day without work, and none for what nobody can know.
    """
    now = timezone.now()
    if is_working_day(now):
        places = PlantedPlace.objects.filter(unit=OuterRef("unit"), ended_at=None)
        nodes = CampaignNode.objects.filter(Exists(places), campaign__state=CampaignState.LIVE)
        for node in nodes.select_related("campaign", "unit").order_by("pk").iterator():
            work.renew()
            with transaction.atomic():
                plant(node, [timezone.localdate()])
                if timezone.localtime(now).time() >= KNOWN_AT:
                    judge(node)
    with work.finishing():
        pass


def judge(node: CampaignNode) -> str:
    """Raise the alert about what was asked today and is not seen, or end it; return its words.

    The caller holds the transaction.
    """
    names = names_of(node, days=_LOOK_BACK_DAYS)
    today = timezone.localdate()
    of_today = [name for name in names.names if name.day == today]
    blind = [name for name in of_today if names.state_of(name) == PlantedState.BLIND]
    if not blind:
        if any(name.seen_at for name in of_today):
            end_about(node, KEY)
        return ""
    words = _words(blind, names)
    raise_about(node, AlertKind.DEAD_SENSOR, KEY, words, reverse("planted:unit", args=[node.pk]))
    return words


def _words(blind: Sequence[PlantedName], names: NodeNames) -> str:
    places = ", ".join(dict.fromkeys(name.place.name for name in blind))
    last = next((name for name in reversed(names.names) if name.seen_at is not None), None)
    if last is None or last.seen_at is None:
        return _("Planted names were asked today and no log shows them: %(places)s.") % {
            "places": places
        }
    return _(
        "Planted names were asked today and no log shows them: %(places)s. The last one was seen "
        "by %(source)s on %(day)s."
    ) % {
        "places": places,
        "source": last.source or "?",
        "day": date_format(timezone.localtime(last.seen_at), "d/m/Y"),
    }
