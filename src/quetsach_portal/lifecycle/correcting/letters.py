"""Draft the letter that tells a correction, where a letter that went out says something else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.models.corrections import CampaignCorrection, CorrectionKind
from quetsach_portal.letters.actions.drafting import create_draft
from quetsach_portal.letters.documents import CORRECTION
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.lifecycle.correcting.texts import as_text
from quetsach_portal.people.models.account import User

_SHORTEST = 4
"""A text shorter than this is found by chance."""


def saying_otherwise(campaign: Campaign, correction: CampaignCorrection) -> list[Letter]:
    """Return the lead office's released letters that have what was corrected, the first first.

    A date is looked for as the letter's deadline, a text in its subject and its values.
    Cost: one query.
    """
    rows = Letter.objects.filter(
        campaign=campaign, node__parent__isnull=True, is_outside=False, state=LetterState.RELEASED
    )
    return [letter for letter in rows.order_by("released_at", "pk") if _says(letter, correction)]


def draft_for(
    correction: CampaignCorrection, letters: Sequence[Letter], actor: User
) -> Letter | None:
    """Return the draft of the letter that corrects `letters`; None where there is none to correct.

    The caller holds the transaction.
    """
    root = CampaignNode.objects.filter(campaign=correction.campaign, parent=None).first()
    if root is None or not letters:
        return None
    root.campaign = correction.campaign
    letter = create_draft(root, based_on=None, template_code=CORRECTION, actor=actor)
    first, *others = map(_citation, letters)
    letter.values |= {
        "own": first,
        "also": others,
        "corrections": list(correction.words),
        "reason": correction.reason,
    }
    letter.deadline = None
    letter.save(update_fields=["values", "deadline"])
    return letter


def _citation(letter: Letter) -> str:
    return f"{letter.full_number} ngày {letter.signed_on:%d/%m/%Y}"


def _says(letter: Letter, correction: CampaignCorrection) -> bool:
    if correction.kind == CorrectionKind.DATE:
        return any(
            letter.deadline == timezone.localdate(datetime.fromisoformat(before))
            for _depth, before, _after in correction.facts.get("levels", ())
        )
    if correction.kind == CorrectionKind.TEXT:
        text = _folded(f"{letter.subject} {_flat(letter.values)}")
        return any(
            len(_folded(as_text(former))) >= _SHORTEST and _folded(as_text(former)) in text
            for former in _pieces(correction.before)
        )
    return False


def _pieces(before: Mapping[str, Any]) -> list[str]:
    """Return what stood, each task for itself."""
    pieces: list[str] = []
    for content in before.values():
        pieces += content if isinstance(content, list) else [content]
    return pieces


def _flat(content: Any) -> str:
    if isinstance(content, Mapping):
        return " ".join(_flat(part) for part in content.values())
    if isinstance(content, list):
        return " ".join(_flat(part) for part in content)
    return str(content)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
