"""Faults that a dry run can report, as values that other apps fill in."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _lazy

FAULTS = {
    "no_legal_basis": _lazy("The legal basis is missing."),
    "no_tasks": _lazy("There are no tasks."),
    "no_tree": _lazy("The tree is not frozen."),
    "no_phase": _lazy("There is no phase."),
    "phase_over": _lazy("This phase is over already:"),
    "level_over": _lazy("The lowest level would be late at the start of this phase:"),
    "no_release": _lazy("No list of harmful addresses was chosen."),
    "bad_release": _lazy("The list of harmful addresses cannot be used:"),
    "no_material": _lazy("There is no material for the units."),
    "lost_file": _lazy("The file of this material is lost:"),
    "few_contacts": _lazy("Fewer than 95 of 100 units have a usable contact."),
    "no_contact": _lazy("No contact"),
    "contact_off": _lazy("All contacts are switched off"),
    "bad_address": _lazy("This address cannot be used:"),
    "cannot_render": _lazy("The text for this unit cannot be made:"),
}
"""The texts of the fault codes; `detail` follows the text."""


@dataclass(frozen=True)
class Fault:
    """A fault; with `stops`, the campaign cannot start before it is corrected."""

    code: str
    node_id: int | None = None
    detail: str = ""
    stops: bool = True


@dataclass(frozen=True)
class RenderCheck:
    """How many texts a check rendered, and the faults that it found."""

    rendered: int
    faults: list[Fault]
