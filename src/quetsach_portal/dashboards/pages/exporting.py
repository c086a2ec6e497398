"""A unit and those directly below it, each with all below it, as a table for other programs."""

from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import CampaignNode, Phase, SlotTally
from quetsach_portal.followup.queries import children_of
from quetsach_portal.web.table_files import Row, Table

STEPS = ("units", "told", "received", "deployed")
REPORTS = ("expected", "excused", "reported", "on_time", "nil", "signed")
KEYS = ("name", "code", *STEPS, *REPORTS, "share_reported")


def table_of(node: CampaignNode, phase: Phase | None) -> Table:
    """Return the unit's row, then one of each unit directly below. Cost: three queries."""
    nodes = [node, *children_of(node)]
    slots = {one.node_id: one for one in SlotTally.objects.filter(phase=phase, node__in=nodes)}
    return Table(KEYS, heads(), [row_of(one, slots.get(one.pk)) for one in nodes])


def row_of(node: CampaignNode, slots: SlotTally | None) -> Row:
    """Return the counters of a unit with all below it."""
    steps = [getattr(node.tally, name) for name in STEPS]
    counts = [None if slots is None else getattr(slots, name) for name in REPORTS]
    share = None
    if slots is not None and slots.expected > 0:
        share = round(slots.reported / slots.expected, 4)
    return [node.name_at_freeze, node.unit.code, *steps, *counts, share]


def heads() -> list[str]:
    """Return what stands above the columns."""
    named = {
        "name": _("Unit"),
        "code": _("Code"),
        "units": _("Units, with all below"),
        "told": _("Told"),
        "received": _("Receipt confirmed"),
        "deployed": _("Deployed"),
        "expected": _("Expected reports"),
        "excused": _("Excused"),
        "reported": _("Reported"),
        "on_time": _("In time"),
        "nil": _("Nothing to report"),
        "signed": _("Signed"),
        "share_reported": _("Share reported"),
    }
    return [str(named[key]) for key in KEYS]
