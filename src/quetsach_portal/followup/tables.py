"""The long tables of the follow-up: their columns, where words are found, and what is overdue."""

from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.expected_reports import overdue
from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport, Phase
from quetsach_portal.web.tables import Column, LongList

_OF_NODE: dict[str, Any] = {
    "folded_in": ("node__unit__search",),
    "text_in": ("node__name_at_freeze",),
}
_OF_UNIT: dict[str, Any] = {"folded_in": ("unit__search",), "text_in": ("name_at_freeze",)}


def with_reports(rows: QuerySet[CampaignNode], phase: Phase | None) -> QuerySet[CampaignNode]:
    """Return `rows`, each with its report of `phase` and the counters of all below it.

    Shapes: `slot_reported_at` and `slot_signed_at` are None without a report; `is_overdue` says it
    of the unit's own report; `reports_expected`, `..._reported` and so on are of its subtree.
    """
    slots = ExpectedReport.objects.filter(node=OuterRef("pk"), phase=phase)
    counters = FilteredRelation("slot_tallies", condition=Q(slot_tallies__phase=phase))
    names = ("expected", "reported", "on_time", "nil", "excused")
    figures = {f"reports_{name}": F(f"counter__{name}") for name in names}
    return rows.annotate(
        slot_reported_at=Subquery(slots.values("reported_at")[:1]),
        slot_signed_at=Subquery(slots.values("signed_at")[:1]),
        is_overdue=Exists(slots.filter(overdue())),
        counter=counters,
        **figures,
        reports_late=F("counter__reported") - F("counter__on_time"),
        reports_missing=F("counter__expected") - F("counter__reported"),
    )


LADDER = LongList(
    _lazy("Units"),
    {
        "unit": Column(_lazy("Unit"), "name_at_freeze"),
        "todo": Column(_lazy("Left to do"), css="todo"),
        "told": Column(_lazy("Informed"), "told_at", "fold", is_optional=True),
        "received": Column(_lazy("Receipt confirmed"), "received_at", "fold", is_optional=True),
        "deployed": Column(_lazy("Deployed"), "deployed_at", "fold", is_optional=True),
        "reported": Column(_lazy("Reported"), "slot_reported_at", "fold", is_optional=True),
        "signed": Column(_lazy("Signed"), "slot_signed_at", "fold", is_optional=True),
        "last": Column(_lazy("Last step"), css="fold"),
    },
    **_OF_UNIT,
    late=lambda: Q(is_overdue=True),
)

COMPLETENESS = LongList(
    _lazy("Units directly below"),
    {
        "unit": Column(_lazy("Unit, with all below"), "name_at_freeze"),
        "todo": Column(_lazy("Left to do"), css="todo"),
        **{
            name: Column(label, f"reports_{name}", "number fold", is_optional=True)
            for name, label in {
                "expected": _lazy("Expected"),
                "reported": _lazy("Reported"),
                "on_time": _lazy("In time"),
                "late": _lazy("Late"),
                "nil": _lazy("Nil"),
                "missing": _lazy("Missing"),
                "excused": _lazy("Excused"),
            }.items()
        },
        "share": Column(_lazy("Share reported"), css="number"),
        "share_in_time": Column(_lazy("Share in time"), css="number fold"),
    },
    **_OF_UNIT,
    late=lambda: Q(is_overdue=True),
)

SLOTS = LongList(
    "",
    {
        "unit": Column(_lazy("Unit"), "node__name_at_freeze"),
        "due": Column(_lazy("Due"), "due_at"),
        "came": Column(_lazy("Came in"), "reported_at", is_optional=True),
        "state": Column(_lazy("State"), "state"),
    },
    **_OF_NODE,
    late=overdue,
)
"""Its title is the figure whose reports it lists."""

SILENT = LongList(
    _lazy("Units that stay silent"),
    {
        "unit": Column(_lazy("Unit"), "node__name_at_freeze"),
        "above": Column(_lazy("Office above"), "node__parent__name_at_freeze", is_optional=True),
        "step": Column(_lazy("Missing step"), "waits_for"),
        "since": Column(_lazy("Silent for"), "since"),
    },
    **_OF_NODE,
)

MAILS = LongList(
    _lazy("Mails that did not arrive"),
    {
        "unit": Column(_lazy("Unit"), "node__name_at_freeze"),
        "mail": Column(_lazy("Mail"), "kind"),
        "address": Column(_lazy("Address"), "address"),
        "state": Column(_lazy("State"), "state"),
        "made": Column(_lazy("Made"), "made_at"),
    },
    folded_in=("node__unit__search",),
    text_in=("node__name_at_freeze", "address"),
)

EXTENSIONS = LongList(
    _lazy("Requests for more time"),
    {
        "unit": Column(_lazy("Unit"), "slot__node__name_at_freeze"),
        "reason": Column(_lazy("Reason")),
        "wanted": Column(_lazy("Wanted"), "wanted"),
        "asked": Column(_lazy("Asked"), "asked_at"),
        "state": Column(_lazy("State"), "state"),
    },
    folded_in=("slot__node__unit__search",),
    text_in=("slot__node__name_at_freeze", "reason"),
    late=lambda: Q(state="asked", slot__due_at__lte=timezone.now()),
)
