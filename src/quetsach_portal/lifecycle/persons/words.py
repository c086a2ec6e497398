"""The copy and the receipt in words: a part of the portal for each app, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.lifecycle.persons.grounds import GROUND_WORDS, Ground, ground_of
from quetsach_portal.lifecycle.retention_table import RETENTION, Fate

PART_WORDS: Mapping[str, Any] = {
    "account": _lazy("Account and sign-in"),
    "mfa": _lazy("Account and sign-in"),
    "socialaccount": _lazy("Account and sign-in"),
    "people": _lazy("Account and sign-in"),
    "api": _lazy("Tokens of programs"),
    "audit": _lazy("Audit trail"),
    "jobs": _lazy("Background jobs"),
    "mail": _lazy("Mails that were sent"),
    "units": _lazy("Register of units"),
    "register": _lazy("Register of units"),
    "campaigns": _lazy("Campaigns"),
    "letters": _lazy("Letters"),
    "followup": _lazy("Receipts, reminders, extensions"),
    "participation": _lazy("Join codes and hand-outs"),
    "files": _lazy("Uploaded files"),
    "intake": _lazy("Logs that were handed in"),
    "lists": _lazy("Lists of malicious addresses"),
    "ranges": _lazy("Notices and public addresses"),
    "planted": _lazy("Planted names"),
    "prints": _lazy("Fingerprints of logs"),
    "sensors": _lazy("Watches"),
    "alerts": _lazy("Alerts"),
    "looks": _lazy("Machines of the unit"),
    "cases": _lazy("Cases of machines"),
    "reports": _lazy("Reports"),
    "dashboards": _lazy("Figures"),
    "publishing": _lazy("Public page"),
}
"""By app, also of libraries."""


@dataclass(frozen=True)
class DataLine:
    """A line for people: the part of the portal, the field's own name, rows, and what is done."""

    part: Any
    field: str
    rows: int
    fate: Any


def fate_in_words(name: str, *, is_link: bool) -> Any:
    """Return what becomes of a field when its person is erased, or before by the retention."""
    if is_link:
        return _("The account's number stays; it leads to no name.")
    ground = ground_of(name)
    if ground is not None:
        return GROUND_WORDS[ground]
    retention = RETENTION.get(name)
    if retention is not None and retention.fate is not Fate.KEEP:
        return _("Erased on request; without a request when its time is over.")
    return _("Erased on request.")


_MOMENTS = frozenset({"at", "since", "created_at", "last_login"})


def with_moments(content: Any) -> Any:
    """Return the copy with its times as such, for a template to write them."""
    if isinstance(content, Mapping):
        return {
            key: datetime.fromisoformat(inner)
            if key in _MOMENTS and isinstance(inner, str)
            else with_moments(inner)
            for key, inner in content.items()
        }
    if isinstance(content, list):
        return [with_moments(inner) for inner in content]
    return content


def copy_lines(copy: Mapping[str, Any]) -> list[DataLine]:
    """Return the copy of `copying.person_copy` as lines."""
    return [
        DataLine(
            PART_WORDS[entry["field"].partition(".")[0]],
            entry["field"],
            entry["count"],
            fate_in_words(entry["field"], is_link=entry["how"] == "link"),
        )
        for entry in copy["rows"]
    ]


def receipt_lines(receipt: Mapping[str, Any]) -> dict[str, list[DataLine]]:
    """Return what was erased and what stays, of a receipt that is kept on its request."""
    erased = [
        DataLine(PART_WORDS[name.partition(".")[0]], name, rows, "")
        for name, rows in receipt.get("erased", {}).items()
    ]
    stays = [
        DataLine(PART_WORDS[name.partition(".")[0]], name, rows, GROUND_WORDS[Ground(ground)])
        for name, (ground, rows) in receipt.get("stays", {}).items()
    ]
    return {"erased": erased, "stays": stays}
