"""What to do next, in three steps that can be ticked off on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quetsach.html_report.cards import only_allowed
from quetsach.html_report.words import foreign, number, strength
from quetsach.instructions.steps import GROUPS, WORK, instruction
from quetsach.texts import _, language

FIRST_DEVICES = 10
"""How many devices the first step names; the rest are in the cards, in the same order."""


@dataclass(frozen=True)
class ToDo:
    """One box to tick: what to do, and the anchor it leads to, if any."""

    text: str
    note: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class ActionStep:
    """One of the three steps."""

    title: str
    intro: str
    tasks: Sequence[ToDo]


def steps(
    devices: Mapping[str, Any], summary: Mapping[str, Any]
) -> tuple[ActionStep, ActionStep, ActionStep]:
    """Return the three steps that fit what was found and what was not read."""
    if devices["devices"]:
        return _first(devices["devices"]), _second(), _third(devices, summary)
    return _keep(), _fill(devices, summary), _again(summary)


def _first(devices: Sequence[Mapping[str, Any]]) -> ActionStep:
    tasks = [
        ToDo(_named(one), _why_first(one), f"device-{position}")
        for position, one in enumerate(devices[:FIRST_DEVICES], start=1)
    ]
    if len(devices) > FIRST_DEVICES:
        left = number(len(devices) - FIRST_DEVICES)
        text = _("and %(n)s more devices, in the order of part 3") % {"n": left}
        tasks.append(ToDo(text, anchor=f"device-{FIRST_DEVICES + 1}"))
    at_machine = " ".join(_told(code) for code in GROUPS["disconnect"])
    return ActionStep(
        _("Take these devices off the network"),
        _("The strongest signs come first.") + " " + at_machine,
        tasks,
    )


def _told(code: str) -> str:
    """Return a step's sentence as all texts of the project have it."""
    return instruction(code, language()).text


def _named(device: Mapping[str, Any]) -> str:
    """Return the device's name with the name of its unit, for the person who is to go there."""
    unit = (device.get("place") or {}).get("unit_name")
    return foreign(device["device"]) + (f", {foreign(unit)}" if unit else "")


def _why_first(device: Mapping[str, Any]) -> str:
    notes = [strength(device["best_grade"]).name]
    if device["grade"] == "ambiguous":
        rivals = ", ".join(foreign(one) for one in device["rivals"][:3])
        notes.append(_("first settle which device it was: %(rivals)s") % {"rivals": rivals})
    if only_allowed(device):
        notes.append(_("check the indicator first, see the card"))
    return "; ".join(notes)


def _second() -> ActionStep:
    return ActionStep(
        _("Scan and repair each device"),
        _("Use the tools that the authority in charge has handed out, with fresh signatures."),
        [ToDo(_told(code)) for code in WORK],
    )


def _third(devices: Mapping[str, Any], summary: Mapping[str, Any]) -> ActionStep:
    return ActionStep(
        _("Report, ask for what is missing, sweep again"),
        _("A device counts as proven only when later logs show it at work and silent."),
        [
            ToDo(_("Send this report to the unit above, with what was done to each device.")),
            *_missing(devices, summary),
            ToDo(_("Sweep again after at least 7 days, with the logs of those days.")),
        ],
    )


def _keep() -> ActionStep:
    return ActionStep(
        _("In what was looked at, no device has to be taken off the network"),
        _("It names none. It speaks only of what was looked at."),
        [
            ToDo(_("Read part 8: are these the logs of all your devices, and of the right days?")),
            ToDo(_("Keep this report with the findings folder.")),
        ],
    )


def _fill(devices: Mapping[str, Any], summary: Mapping[str, Any]) -> ActionStep:
    missing = _missing(devices, summary)
    return ActionStep(
        _("Ask for what is missing"),
        _("What was not looked at may still hold an infected device."),
        missing or [ToDo(_("Nothing that was given was left unread."))],
    )


def _again(summary: Mapping[str, Any]) -> ActionStep:
    tasks = [ToDo(_("Sweep again when the next list or the next logs arrive."))]
    if summary["lines"]:
        tasks.insert(0, ToDo(_("Send this report to the unit above.")))
    return ActionStep(
        _("Report and sweep again"), _("A later list may name what this one did not."), tasks
    )


def _missing(devices: Mapping[str, Any], summary: Mapping[str, Any]) -> list[ToDo]:
    tasks = []
    if unread := len(summary["unread"]):
        tasks.append(
            ToDo(
                _("Fetch the files that were not fully read: %(n)s") % {"n": number(unread)},
                _("part 9 says for each what to do"),
                "not-read",
            )
        )
    if to_look_at := summary.get("lines_to_look_at", 0):
        tasks.append(
            ToDo(
                _("Look at the lines that name an indicator: %(n)s") % {"n": number(to_look_at)},
                _("part 6 shows them, and what would tell more"),
                "look-at",
            )
        )
    if any(one["role"] == "resolver" for one in devices["not_blamed"]):
        tasks.append(
            ToDo(
                _("Request the logs of the name server, proxy or router: which device asked it?"),
                _("part 4"),
                "not-blamed",
            )
        )
    if open_ones := sum(one["role"] == "allowed" for one in devices["not_blamed"]):
        tasks.append(
            ToDo(
                _("Decide on the devices that met only services on an allow-list: %(n)s")
                % {"n": number(open_ones)},
                _("part 4"),
                "not-blamed",
            )
        )
    if lost := devices["unattributed"]["sightings"]:
        tasks.append(
            ToDo(
                _("Find the device behind these sightings: %(n)s") % {"n": number(lost)},
                _("part 5 names the log that is missing"),
                "unattributed",
            )
        )
    return tasks
