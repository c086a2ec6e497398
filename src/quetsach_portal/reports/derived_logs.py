"""Answers from what was looked through: the list, the logs, the notices of the authority."""

from collections import Counter
from collections.abc import Mapping

from django.db.models import Count as Number
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach.api.reports import Count, Grade
from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.cases.notice_models import NoticeItem, NoticeOutcome
from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.reports.derived_value import Derived

ENDS = {
    NoticeOutcome.DEVICE.value: "notices_resolved",
    NoticeOutcome.CANDIDATES.value: "notices_cannot_tell",
    NoticeOutcome.CANNOT_TELL.value: "notices_cannot_tell",
    NoticeOutcome.NO_DATA.value: "notices_cannot_tell",
    NoticeOutcome.NOT_OURS.value: "notices_not_ours",
}
"""Which figure an address is in by how its notice ended; of several ends the first here counts."""


def release(node: CampaignNode) -> Mapping[str, Derived]:
    """Return how many indicators the campaign's list has; nothing while it has none."""
    number = node.campaign.release_facts.get("count")
    if number is None:
        return {}
    return {
        "indicators_received": Derived(
            Count(number, Grade.MEASURED),
            reverse("intake:at_home", args=[node.pk]),
            _("Indicators of the list that the campaign looks for."),
            is_inside=True,
        )
    }


def coverage(node: CampaignNode) -> Mapping[str, Derived]:
    """Return the kinds of logs of `node` that were looked through, and on how many days.

    Cost: one query.
    """
    seen = CoverageDay.objects.filter(node=node, lines__gt=0).aggregate(
        kinds=Number("kind", distinct=True), days=Number("day", distinct=True)
    )
    url = reverse("intake:unit", args=[node.pk])
    return {
        "coverage_sources": Derived(
            Count(seen["kinds"], Grade.MEASURED),
            url,
            _("Kinds of logs of your unit that were looked through."),
            is_inside=True,
        ),
        "coverage_days": Derived(
            Count(seen["days"], Grade.MEASURED),
            url,
            _("Days of which some log of your unit was looked through."),
            is_inside=True,
        ),
    }


def notices(node: CampaignNode) -> Mapping[str, Derived]:
    """Return the addresses of `node` that the authority warned of, each once, by how that ended.

    Nothing where no notice was handed in. Cost: one query.
    """
    rows = (
        NoticeItem.objects.filter(batch__node=node, outcome__in=ENDS)
        .exclude(address="")
        .values_list("address", "outcome")
        .distinct()
    )
    rank = list(ENDS).index
    best: dict[str, str] = {}
    for address, outcome in rows:
        known = best.get(address)
        if known is None or rank(outcome) < rank(known):
            best[address] = outcome
    if not best:
        return {}
    ends = Counter(ENDS[outcome] for outcome in best.values())
    url = reverse("cases:notices")
    counted = {
        "notices_addresses": (len(best), _("Addresses in the notices that your unit handed in.")),
        "notices_resolved": (ends["notices_resolved"], _("Those of which the machine was found.")),
        "notices_not_ours": (ends["notices_not_ours"], _("Those that are not your unit’s.")),
        "notices_cannot_tell": (
            ends["notices_cannot_tell"],
            _("Those of which no machine could be found, or one of several."),
        ),
    }
    return {
        name: Derived(Count(number, Grade.MEASURED), url, why, is_inside=True)
        for name, (number, why) in counted.items()
    }
