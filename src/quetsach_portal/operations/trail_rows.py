"""Rows of the trail in words: the act, what it was done to, and what changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Choices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignState, ExpectedReportState, NodeState
from quetsach_portal.cases.models.case import CaseOutcome, CaseState, DeviceScanResult, HandlingKind
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.followup.models import DeploymentStep, PendingStep
from quetsach_portal.intake.models import SubmissionKind, TableKind
from quetsach_portal.letters.models import LetterState
from quetsach_portal.operations.act_names import ACTS
from quetsach_portal.participation.models import JoinKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import DeskRole, EventKind, ReportingLine

_OBJECTS: Mapping[str, Any] = {
    "assignment": _lazy("role"),
    "campaign": _lazy("campaign"),
    "campaignnode": _lazy("unit in the campaign"),
    "case": _lazy("case"),
    "contact": _lazy("contact"),
    "draw": _lazy("sample of a re-check"),
    "deploydeclaration": _lazy("declaration"),
    "extension": _lazy("request for an extension"),
    "file": _lazy("file"),
    "findings": _lazy("findings"),
    "invitation": _lazy("invitation"),
    "job": _lazy("background job"),
    "letter": _lazy("letter"),
    "letter_reading": _lazy("letter being read"),
    "log_source": _lazy("log source"),
    "material": _lazy("file of the awareness kit"),
    "node": _lazy("unit in the campaign"),
    "notices": _lazy("file of notices"),
    "publiclist": _lazy("list for the public page"),
    "publictool": _lazy("tool"),
    "own_table": _lazy("table of the unit"),
    "receipt": _lazy("receipt"),
    "reportversion": _lazy("version of a report"),
    "slot": _lazy("expected report"),
    "submission": _lazy("evidence handed in"),
    "tree_event": _lazy("change of the tree"),
    "unit": _lazy("unit"),
    "unit_key": _lazy("signing key"),
    "upload": _lazy("file of units"),
    "user": _lazy("person"),
}
_FIELDS: Mapping[str, Any] = {
    "after_days": _lazy("after days"),
    "because": _lazy("because"),
    "by_unit": _lazy("by unit"),
    "changes": _lazy("changes"),
    "code": _lazy("code"),
    "count": _lazy("count"),
    "counts": _lazy("counts"),
    "day": _lazy("day"),
    "devices": _lazy("devices"),
    "digest": _lazy("digest"),
    "document": _lazy("document"),
    "done": _lazy("done"),
    "due_at": _lazy("due"),
    "errors": _lazy("number of errors"),
    "expires_on": _lazy("until the day"),
    "fields": _lazy("fields"),
    "files": _lazy("files"),
    "from": _lazy("from"),
    "items": _lazy("items"),
    "key": _lazy("key"),
    "kind": _lazy("kind"),
    "kinds": _lazy("kinds"),
    "left_out": _lazy("left out"),
    "length": _lazy("length"),
    "lines": _lazy("lines"),
    "name": _lazy("what it is called"),
    "no": _lazy("phase"),
    "node": _lazy("unit in the campaign"),
    "number": _lazy("number"),
    "offset": _lazy("received"),
    "outcome": _lazy("outcome"),
    "purpose": _lazy("purpose"),
    "reason": _lazy("reason"),
    "revision": _lazy("version"),
    "role": _lazy("role"),
    "rows": _lazy("rows"),
    "says": _lazy("says"),
    "scopes": _lazy("purposes"),
    "sha256": _lazy("SHA-256"),
    "size": _lazy("size in bytes"),
    "source": _lazy("source"),
    "staff": _lazy("staff"),
    "state": _lazy("state"),
    "title": _lazy("title"),
    "to": _lazy("to"),
    "unit": _lazy("unit"),
    "units": _lazy("number of units"),
    "until": _lazy("until"),
    "user": _lazy("person"),
    "version": _lazy("version"),
    "waits_for": _lazy("still owes"),
    "was": _lazy("before"),
    "with": _lazy("with"),
    "wrong": _lazy("counters that differ"),
    "device": _lazy("machine found"),
    "candidates": _lazy("several machines"),
    "cannot-tell": _lazy("cannot tell"),
    "no-data": _lazy("no logs of that time"),
    "not-ours": _lazy("not our address"),
    "rejected": _lazy("not a notice"),
}
_CLOSED_SETS: tuple[type[Choices], ...] = (
    CampaignState,
    NodeState,
    ExpectedReportState,
    CaseState,
    CaseOutcome,
    HandlingKind,
    DeviceScanResult,
    FilePurpose,
    DeploymentStep,
    PendingStep,
    SubmissionKind,
    TableKind,
    LetterState,
    JoinKind,
    Role,
    DeskRole,
    EventKind,
    ReportingLine,
)


def act_word(action: str) -> str:
    """Return the act as people call it, the code itself for one that is no longer known."""
    return str(ACTS.get(action, action))


def object_word(kind: str, object_id: str) -> str:
    """Return what the act was done to: "case 5"; a number that says nothing is cut short."""
    return f"{_OBJECTS.get(kind, kind)} {object_id[:8]}"


def actor_word(actor: str) -> str:
    """Return who acted."""
    return _("the system") if actor == "system" else actor


def changes_of(detail: Mapping[str, Any]) -> list[str]:
    """Return what changed, a line for each field; what stayed as it was is left out."""
    return list(_lines(detail))


def _lines(detail: Mapping[str, Any]) -> Iterator[str]:
    words = _words_of_values()
    for name, detail_value in detail.items():
        label = str(_FIELDS.get(name, name))
        if isinstance(detail_value, list) and len(detail_value) == 2 and name not in _LISTS:
            before, after = (_shown(one, words) for one in detail_value)
            if before != after:
                yield f"{label}: {before} → {after}"
        elif shown := _shown(detail_value, words):
            yield f"{label}: {shown}"


_LISTS = frozenset({"kinds", "lines", "scopes", "files", "fields", "done"})
"""Fields that hold a list of things, and not what was before and after."""


def _shown(recorded: Any, words: Mapping[str, str]) -> str:
    if isinstance(recorded, bool):
        return _("yes") if recorded else _("no")
    if isinstance(recorded, list):
        return ", ".join(_shown(part, words) for part in recorded)
    if isinstance(recorded, dict):
        return "; ".join(_lines(recorded))
    if recorded in (None, ""):
        return "–"
    text = str(recorded)
    if _is_digest(text):
        return f"{text[:16]}…"
    return words.get(text, text)


def _is_digest(text: str) -> bool:
    return len(text) == 64 and all(sign in "0123456789abcdef" for sign in text)


def _words_of_values() -> dict[str, str]:
    return {str(one): str(word) for kinds in _CLOSED_SETS for one, word in kinds.choices}
