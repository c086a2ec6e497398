"""The unit in whose logs a machine that a notice names would be seen: the one that covers it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.cases.models import Contact, CoveredDay


def place_notices(node: CampaignNode) -> None:
    """Give each contact by notice at `node` a unit of its logs, wherever one can be told.

    What a trace calls the unit need be no word of the logs: a plan has codes and names, and one
    made at home was made with another plan. A unit that no log has can never be covered. Then the
    machine's own contacts tell it, or else the log in which it was alive last; of a machine that no
    log knows it is the node's only one. The caller holds the transaction.
    Cost: three queries, and one for each contact that moves.
    """
    noticed = list(
        Contact.objects.filter(finding__origin__node=node, by_notice=True)
        .select_related("finding__device")
        .order_by("pk")
    )
    if not noticed:
        return
    rows = CoveredDay.objects.filter(node=node).order_by("day", "unit")
    days = list(rows.values_list("unit", "kind", "alive"))
    covering: dict[str, set[str]] = defaultdict(set)
    for unit, kind, _alive in days:
        covering[kind].add(unit)
    met, lived = _met(node), _lived_last(days)
    for one in noticed:
        known = covering[one.kind] or {unit for unit, _kind, _alive in days}
        key = one.finding.device.engine_key
        unit = _unit_of(one.unit, known, [*met.get(key, ()), *lived.get(key, ())])
        if unit != one.unit:
            one.unit = unit
            one.save(update_fields=["unit"])


def _unit_of(told: str, known: set[str], seen_in: Sequence[str]) -> str:
    if told in known:
        return told
    if seen_in:
        # A unit without such a log is named all the same: that one is missing, and no other's.
        return next((unit for unit in seen_in if unit in known), seen_in[0])
    return next(iter(known)) if len(known) == 1 else told


def _met(node: CampaignNode) -> dict[str, list[str]]:
    """Return the units in which each device met something by its logs, the latest first."""
    rows = (
        Contact.objects.filter(finding__origin__node=node, by_notice=False)
        .order_by("-when_us", "unit")
        .values_list("finding__device__engine_key", "unit")
    )
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for key, unit in rows:
        found[key].setdefault(unit)
    return {key: list(units) for key, units in found.items()}


def _lived_last(days: Iterable[tuple[str, str, list[str]]]) -> dict[str, list[str]]:
    """Return in whose log each device was alive last, `days` being in their order."""
    return {key: [unit] for unit, _kind, alive in days for key in alive}
