"""What the records of a unit answer by themselves: the named queries of the forms."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from quetsach.api.reports import Aggregation, Form, sketch_of
from quetsach_portal.campaigns.models import CampaignNode, Slot
from quetsach_portal.cases.figures import FIGURES
from quetsach_portal.reports import derived_logs, derived_machines, derived_units
from quetsach_portal.reports.derived_value import Derived

__all__ = ["QUERIES", "Derived", "fill"]

Query = Callable[[CampaignNode], Mapping[str, Derived]]

QUERIES: tuple[tuple[tuple[str, ...], Query], ...] = (
    (("organisations_received", "organisations_deployed"), derived_units.organisations),
    (("people_joined", "people_checked", "relatives_joined", "public_joined"), derived_units.joins),
    (("people_staff", "people_told"), derived_units.people),
    (("letters_issued",), derived_units.letters),
    (tuple(FIGURES), derived_machines.machines),
    (("cases_detections", "indicators_met"), derived_machines.findings),
    (("indicators_received",), derived_logs.release),
    (("coverage_sources", "coverage_days"), derived_logs.coverage),
    (
        ("notices_addresses", "notices_resolved", "notices_not_ours", "notices_cannot_tell"),
        derived_logs.notices,
    ),
)
"""Which names each query answers; it is asked once, and only where a form has one of them."""


def fill(slot: Slot, form: Form, *, salt: bytes = b"") -> Mapping[str, Derived]:
    """Return what the records answer for `slot`, by the id of the field; others are typed.

    What is not in the answer the records do not know: nobody may read a zero into it. With the
    campaign's `salt`, machines that count once over many units come with their sketch.
    Cost: at most a dozen queries, whatever the unit holds.
    """
    node = slot.node
    wanted = {row.id: row for row in form.counts() if row.derived is not None}
    names = {row.derived for row in wanted.values()}
    known: dict[str, Derived] = {}
    for answers, query in QUERIES:
        if names.intersection(answers):
            known.update(query(node))
    found = {}
    for key, row in wanted.items():
        answer = known.get(row.derived or "")
        if answer is None:
            continue
        if salt and row.aggregation is Aggregation.DISTINCT_MACHINES:
            answer = replace(answer, sketch=sketch_of(salt, answer.machines))
        found[key] = answer
    return found
