"""Answers on the reports of the units directly below, and what the register calls the unit."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach.api.reports import Count, Grade, Words
from quetsach_portal.campaigns.models import CampaignNode, Slot
from quetsach_portal.reports.derived_value import Derived
from quetsach_portal.reports.models import ReportReturn
from quetsach_portal.reports.places import child_slots


def children(slot: Slot) -> Mapping[str, Derived]:
    """Return how many units directly below were to report, did, in time or late, or did not.

    Nothing where none stands below. Cost: four queries.
    """
    below = child_slots(slot)
    if not below:
        return {}
    came = [one for one in below if one.reported_at is not None]
    in_time = sum(one.is_on_time for one in came)
    returned = ReportReturn.objects.filter(version__slot__in=[one.pk for one in below])
    counted = {
        "children_expected": (len(below), _("Units directly below yours that were to report.")),
        "children_received": (len(came), _("Those of them whose report came.")),
        "children_on_time": (in_time, _("Those of them whose report came in time.")),
        "children_late": (len(came) - in_time, _("Those of them whose report came late.")),
        "children_none": (len(below) - len(came), _("Those of them whose report has not come.")),
        "children_returned": (
            returned.values("version").distinct().count(),
            _("Reports of these units that were returned, each version once."),
        ),
    }
    url = reverse("reports:below", args=[slot.pk])
    return {
        name: Derived(Count(number, Grade.MEASURED), url, why)
        for name, (number, why) in counted.items()
    }


def identity(node: CampaignNode) -> Mapping[str, Derived]:
    """Return the identifiers that the register has of the unit, and who stands above it.

    What the register leaves empty is not answered. Cost: two queries at most.
    """
    unit = node.unit
    held = {
        "unit_id_old": unit.id_old,
        "unit_id_new": unit.id_new,
        "unit_area": unit.area_code,
        "unit_above": "" if node.parent is None else node.parent.name_at_freeze,
    }
    why = _("As the register of units had it.")
    return {
        name: Derived(Words(text, Grade.DECLARED), why=why) for name, text in held.items() if text
    }
