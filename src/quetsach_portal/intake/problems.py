"""Problems of handing in, each with a stable code (H1xx, H2xx), in the words of the reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quetsach.api import problems
from quetsach_portal.files.problems import N_
from quetsach_portal.intake.boundary import EVIDENCE

REASONS: Mapping[str, str] = {
    "too-many": N_("more than 500 files are in it"),
    "outside": N_("it is outside the findings folder"),
    "twice": N_("two files have this name"),
    "name": N_("its name is not allowed"),
    "link": N_("it is a link or a device, not a file"),
    "size": N_("it is too large for this kind of file"),
}
"""Why a file in a zip is refused (H103)."""

PROBLEMS: Mapping[str, tuple[str, str]] = {
    "H101": (
        N_("The ZIP file cannot be unpacked: %(reason)s."),
        N_("Pack the findings folder again as an ordinary ZIP file without a password."),
    ),
    "H102": (
        N_("The ZIP file contains no findings folder: manifest.json is missing."),
        N_("Pack the whole folder that “quetsach sweep” wrote, with all files in it."),
    ),
    "H103": (
        N_("A file in the ZIP was refused: %(reason)s."),
        N_("Pack the findings folder again, alone and exactly as “quetsach sweep” wrote it."),
    ),
    "H104": (
        N_(
            "It was made with version %(version)s; this portal reads findings up to "
            "version %(ours)s."
        ),
        N_("Ask the operator of the portal to update it, or sweep with the older version."),
    ),
    "H105": (
        N_("The findings were changed after they were made: %(reason)s."),
        N_("None of it was used. Sweep again and hand in the result unchanged."),
    ),
    "H106": (
        N_("The findings are not signed, and this campaign accepts only signed findings."),
        N_("Register your unit’s key, sign with “--sign”, and hand them in again."),
    ),
    "H107": (
        N_("The findings are signed by a key that your unit has not registered."),
        N_("Register the public key on the keys page, then choose “Sweep again”."),
    ),
    "H109": (
        N_("This ZIP file contains a findings folder, not logs."),
        N_("Hand it in again and choose “A findings folder made at home”."),
    ),
    "H110": (
        N_("The campaign’s list changed during the sweep."),
        N_("Choose “Sweep again”."),
    ),
    "H111": (
        N_("The submission contains nothing to sweep."),
        N_("Check that the files are the right ones and are not empty."),
    ),
    "H112": (
        N_(
            "The findings name %(count)s indicators marked TLP:RED, which only the person who "
            "received them may see."
        ),
        N_("None of it was used. Sweep again without that list, and hand in the result."),
    ),
    "H113": (
        N_(
            "The logs name %(count)s indicators of the campaign’s list that are marked TLP:RED, "
            "which only named recipients may see."
        ),
        N_("Nothing was recorded. Ask the lead office for a list without them."),
    ),
    "H201": (
        N_("The sweep took longer than %(hours)s hours and was stopped."),
        N_("Hand in fewer days at once, or sweep locally and hand in the findings."),
    ),
    "H202": (
        N_("The sweep needed more memory than one submission may use, and was stopped."),
        N_("Hand in fewer or smaller files, or sweep locally and hand in the findings."),
    ),
    "H203": (
        N_("The process that read it ended unexpectedly (%(reason)s)."),
        N_("The file may be malicious. Inform the operator of the portal; nothing was changed."),
    ),
    "H204": (
        N_("The campaign’s list of malicious addresses is missing or was changed."),
        N_("Inform the lead office; once the list is corrected, choose “Sweep again”."),
    ),
    "H205": (
        N_("A submitted file no longer exists."),
        N_("Hand in the files again."),
    ),
}
"""What happened, and what to do next: two message ids by code, each a whole sentence."""


@dataclass(frozen=True)
class ProblemView:
    """A problem for people: its code, in which file, what happened, what to do."""

    code: str
    where: str
    what: str
    todo: str


def describe_problem(problem: Mapping[str, Any]) -> ProblemView:
    """Return a problem in the language in use; `problem` is a `boundary.Told` as JSON."""
    where = without_folder(str(problem.get("where", "")))
    code = problem["code"]
    if code in PROBLEMS:
        what, todo = PROBLEMS[code]
        return ProblemView(code, where, _(what) % _facts(problem), _(todo))
    what, todo = problems.problem_words({**problem, "path": where})
    return ProblemView(code, where, _sentence(what), todo)


def without_folder(path: str) -> str:
    """Return the name of a file as people gave it."""
    return path.removeprefix(f"{EVIDENCE}/")


def contact_words(grade: str) -> str:
    """Return how far the contact went, for a device's best sighting."""
    return {
        "mentioned": _("only named in a line; a person decided"),
        "asked": _("queried the name"),
        "answered": _("queried the name and got an answer"),
        "blocked": _("tried and was blocked"),
        "connected": _("was connected"),
        "moved": _("exchanged data"),
    }.get(grade, grade)


def sureness_words(grade: str) -> str:
    """Return how sure it is that this machine did it."""
    return {
        "certain": _("Certainly this machine"),
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


def look_words(why: str) -> str:
    """Return why nobody is named for a line to look at."""
    if why == "unknown-form":
        return _("the form of the line is not known")
    return _("the line only mentions it")


def kind_words(kind: str) -> str:
    """Return what a kind of evidence is called."""
    return {
        "dns": _("DNS queries"),
        "connection": _("connections"),
        "web": _("web traffic"),
        "file": _("transferred files"),
        "mail": _("mail"),
        "host": _("evidence from the PC"),
        "text": _("text in an unknown format"),
    }.get(kind, kind)


def _facts(problem: Mapping[str, Any]) -> dict[str, str]:
    facts = dict.fromkeys(("reason", "hours", "version", "ours"), "?")
    facts |= {name: str(fact) for name, fact in problem.get("facts", {}).items()}
    if facts["reason"] in REASONS:
        facts["reason"] = _(REASONS[facts["reason"]])
    return facts


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
