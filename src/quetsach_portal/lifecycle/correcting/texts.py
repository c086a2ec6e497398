"""Correct the texts of a campaign; what stood stays in its history, from when until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from quetsach_portal.campaigns.models.campaign import COUNTED, Campaign, CampaignNode
from quetsach_portal.campaigns.models.changes import RunningChangeState
from quetsach_portal.campaigns.models.corrections import CampaignCorrection, CorrectionKind
from quetsach_portal.lifecycle.correcting.plans import CorrectionPlan
from quetsach_portal.web.acts import Refused

FIELDS = {
    "title": _lazy("Title"),
    "goal": _lazy("Goal"),
    "legal_basis": _lazy("Legal basis"),
    "page_url": _lazy("Web page of the campaign"),
    "tasks": _lazy("What units have to do"),
}
"""The texts that stand on the pages of units, by the names of the campaign's fields."""

MOST_TASKS = 60
_LONGEST_SHOWN = 300


@dataclass(frozen=True)
class FormerText:
    """A text that stood: of which field, since when, until when, and why no longer.

    Shapes: `since` is None where it stood from the start.
    """

    label: str
    text: str
    since: datetime | None
    until: datetime
    reason: str


def as_text(content: Any) -> str:
    """Return a field's content as one text; each task is a paragraph."""
    return "\n\n".join(content) if isinstance(content, list) else str(content)


def as_field(name: str, text: str) -> Any:
    """Return `text` as the field `name` holds it."""
    clean = text.replace("\r\n", "\n").strip()
    if name != "tasks":
        return clean
    return [" ".join(task.split()) for task in clean.split("\n\n") if task.strip()]


def plan(campaign: Campaign, proposal: dict[str, Any]) -> CorrectionPlan:
    """Return what other texts would change.

    Shapes: `proposal` is the new content of each field that changes, by name.
    Errors: Refused for an empty title, too many tasks, or nothing that changes.
    """
    changed = {
        name: content
        for name, content in proposal.items()
        if name in FIELDS and content != getattr(campaign, name)
    }
    if not changed:
        raise Refused(_("Nothing was changed."), field="title")
    if not changed.get("title", "x").strip():
        raise Refused(_("A campaign needs a title."), field="title")
    if len(changed.get("tasks", ())) > MOST_TASKS:
        raise Refused(_("A campaign has at most 60 tasks."), field="tasks")
    before = {name: getattr(campaign, name) for name in changed}
    nodes = CampaignNode.objects.filter(campaign=campaign, state__in=COUNTED)
    units_told = nodes.filter(told_at__isnull=False).count()
    return CorrectionPlan(
        proposal=changed,
        before=before,
        facts={"told": units_told},
        words=[_words(name, before[name], content) for name, content in changed.items()],
        effects=[
            ngettext(
                "It stands at once on the pages of %(count)s unit that was told.",
                "It stands at once on the pages of %(count)s units that were told.",
                units_told,
            )
            % {"count": units_told},
            _("Reports that were sent or signed keep the words that they have."),
        ],
    )


def carry_out(campaign: Campaign, proposal: dict[str, Any]) -> None:
    """Put the texts in force. The caller holds the transaction and the campaign's row."""
    for name, content in proposal.items():
        setattr(campaign, name, content)
    campaign.save(update_fields=sorted(proposal))


def history_of(campaign: Campaign) -> list[FormerText]:
    """Return the texts that stood, the one that ended last first. Cost: one query."""
    rows = CampaignCorrection.objects.filter(
        campaign=campaign, kind=CorrectionKind.TEXT, state=RunningChangeState.DONE
    )
    since: dict[str, datetime | None] = {}
    former: list[FormerText] = []
    for correction in rows.order_by("decided_at", "pk"):
        assert correction.decided_at is not None
        for name, content in correction.before.items():
            former.append(
                FormerText(
                    label=str(FIELDS[name]),
                    text=as_text(content),
                    since=since.get(name, campaign.starts_at),
                    until=correction.decided_at,
                    reason=correction.reason,
                )
            )
            since[name] = correction.decided_at
    return former[::-1]


def _words(name: str, before: Any, after: Any) -> str:
    return _("%(field)s: “%(new)s” (so far: “%(old)s”).") % {
        "field": FIELDS[name],
        "new": _short(as_text(after)),
        "old": _short(as_text(before)),
    }


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"
