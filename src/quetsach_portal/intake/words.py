"""What was found and what went wrong, in the words of the page's reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quetsach import api
from quetsach_portal.intake.boundary import EVIDENCE
from quetsach_portal.intake.problems import PROBLEMS, REASONS


@dataclass(frozen=True)
class ShownProblem:
    """A problem for people: its code, in which file, what happened, what to do."""

    code: str
    where: str
    what: str
    todo: str


def shown(told: Mapping[str, Any]) -> ShownProblem:
    """Return a problem in the language in use; `told` is a `boundary.Told` as JSON."""
    where = without_folder(str(told.get("where", "")))
    entry = PROBLEMS.get(told["code"])
    if entry is not None:
        return ShownProblem(told["code"], where, _(entry.what) % _facts(told), _(entry.todo))
    what, todo = api.problem_words({**told, "path": where})
    return ShownProblem(told["code"], where, _sentence(what), todo)


def without_folder(path: str) -> str:
    """Return the name of a file as people gave it."""
    return path.removeprefix(f"{EVIDENCE}/")


def contact_words(grade: str) -> str:
    """Return how far the contact went, for a device's best sighting."""
    return {
        "asked": _("asked for the name"),
        "answered": _("got an answer to the name"),
        "blocked": _("tried, and was stopped"),
        "connected": _("was connected"),
        "moved": _("exchanged data"),
    }.get(grade, grade)


def sureness_words(grade: str) -> str:
    """Return how sure it is that this machine did it."""
    return {
        "certain": _("This machine for certain"),
        "likely": _("Very likely this machine"),
        "ambiguous": _("One of several machines"),
        "unknown": _("Machine not known"),
    }.get(grade, grade)


def sureness_tone(grade: str) -> str:
    """Return the colour that goes with it."""
    return {"certain": "bad", "likely": "bad", "ambiguous": "warn"}.get(grade, "calm")


def next_step(grade: str, contact: str) -> str:
    """Return what to do with the machine now."""
    if grade == "ambiguous":
        return _("Find out which machine had the address: see the case for the candidates.")
    if grade == "unknown":
        return _("Find the machine: hand in the DHCP records of these days.")
    if contact in ("connected", "moved"):
        return _("Take it off the network today, then scan it.")
    return _("Scan it within the week; it may still try again.")


def kind_words(kind: str) -> str:
    """Return what a kind of evidence is called."""
    return {
        "dns": _("names asked for (DNS)"),
        "connection": _("connections"),
        "web": _("web traffic"),
        "file": _("files carried"),
        "mail": _("mail"),
        "host": _("traces on the PC"),
        "text": _("text of an unknown form"),
    }.get(kind, kind)


def _facts(told: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: str(value) for name, value in told.get("facts", {}).items()}
    if "reason" in facts and facts["reason"] in REASONS:
        facts["reason"] = _(REASONS[facts["reason"]])
    for name in ("reason", "hours", "version", "ours"):
        facts.setdefault(name, "?")
    return facts


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
