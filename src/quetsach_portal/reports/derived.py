"""What the records of a unit answer by themselves: the named queries of the forms."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from quetsach.api.reports import Aggregation, Form, sketch_of
from quetsach_portal.campaigns.models import CampaignNode, Slot
from quetsach_portal.cases.access import WORKERS
from quetsach_portal.cases.figures import FIGURES
from quetsach_portal.reports import (
    derived_children,
    derived_logs,
    derived_machines,
    derived_phase,
    derived_units,
)
from quetsach_portal.reports.derived_value import Derived
from quetsach_portal.reports.machines import salt_of
from quetsach_portal.rights.scope import Scope

__all__ = ["PHASE_QUERIES", "QUERIES", "Derived", "fill", "seen_by"]

Query = Callable[[CampaignNode], Mapping[str, Derived]]
PhaseQuery = Callable[[Slot], Mapping[str, Derived]]

QUERIES: tuple[tuple[tuple[str, ...], Query], ...] = (
    (("organisations_received", "organisations_deployed"), derived_units.organisations),
    (("people_joined", "people_checked", "relatives_joined", "public_joined"), derived_units.joins),
    (("materials_pulled",), derived_units.materials),
    (("people_staff", "people_told"), derived_units.people),
    (("letters_issued",), derived_units.letters),
    (("unit_id_old", "unit_id_new", "unit_area", "unit_above"), derived_children.identity),
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

PHASE_QUERIES: tuple[tuple[tuple[str, ...], PhaseQuery], ...] = (
    (("phase_cut_off",), derived_phase.cut_off),
    (
        (
            "children_expected",
            "children_received",
            "children_on_time",
            "children_late",
            "children_none",
            "children_returned",
        ),
        derived_children.children,
    ),
)
"""The same of what the phase says, and of the reports that are expected in it."""


def fill(slot: Slot, form: Form, *, only: str = "") -> Mapping[str, Derived]:
    """Return what the records answer for `slot`, by the id of the field; others are typed.

    What is not in the answer the records do not know: nobody may read a zero into it. Machines
    that count once over many units come with their sketch. With `only`, one field is answered.
    Cost: at most twenty queries, whatever the unit holds.
    """
    node = slot.node
    wanted = {one.id: one for one in form.entries() if one.derived and only in ("", one.id)}
    names = {one.derived for one in wanted.values()}
    known: dict[str, Derived] = {}
    for answers, query in QUERIES:
        if names.intersection(answers):
            known.update(query(node))
    for answers, of_phase in PHASE_QUERIES:
        if names.intersection(answers):
            known.update(of_phase(slot))
    answered = {key: known[one.derived] for key, one in wanted.items() if one.derived in known}
    told_apart = {
        key: answered[key]
        for key, row in wanted.items()
        if key in answered and row.aggregation is Aggregation.DISTINCT_MACHINES
    }
    if told_apart:
        salt = salt_of(node.campaign)
        for key, answer in told_apart.items():
            answered[key] = replace(answer, sketch=sketch_of(salt, answer.machines))
    return answered


def seen_by(scope: Scope, slot: Slot, answers: Mapping[str, Derived]) -> dict[str, Derived]:
    """Return `answers` without links to rows that are closed to the person: those name machines."""
    works = slot.node.unit_id in scope.own_units(*WORKERS)
    return {
        key: one if works or not one.is_inside else replace(one, url="")
        for key, one in answers.items()
    }
