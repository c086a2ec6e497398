"""Draft the letter that tells a correction, where a letter that went out says something else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.models.corrections import CampaignCorrection, CorrectionKind
from quetsach_portal.letters.actions.drafting import create_draft
from quetsach_portal.letters.documents import CORRECTION
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.lifecycle.correcting.plans import CorrectionPlan
from quetsach_portal.people.models.account import User

_SHORTEST = 4
"""A text shorter than this is found by chance."""


def saying_otherwise(campaign: Campaign, kind: str, plan: CorrectionPlan) -> list[Letter]:
    """Return the lead office's released letters that have what is corrected, the first first.

    A date is looked for as the letter's deadline, a text in its subject and its values.
    Cost: one query.
    """
    rows = _released(campaign).filter(node__parent__isnull=True)
    return [letter for letter in rows.order_by("released_at", "pk") if _says(letter, kind, plan)]


def with_letters(campaign: Campaign, kind: str, plan: CorrectionPlan) -> CorrectionPlan:
    """Return `plan` with the released letters that say otherwise among its facts and effects.

    Cost: two queries, none for a unit.
    """
    if kind == CorrectionKind.UNIT:
        return plan
    letters = saying_otherwise(campaign, kind, plan)
    below = _released(campaign).filter(node__parent__isnull=False)
    if kind == CorrectionKind.DATE:
        below = below.filter(deadline__in=_days_before(plan))
    else:
        title = plan.before.get("title", "")
        below = below.filter(subject__icontains=title) if title else below.none()
    count, effects = below.count(), list(plan.effects)
    if letters:
        numbers = ", ".join(map(_citation, letters))
        effects.append(
            _("Released letters say otherwise: %(letters)s. A letter that corrects it is drafted.")
            % {"letters": numbers}
        )
    if count:
        effects.append(
            _("%(count)s letters of offices below say otherwise; each office corrects its own.")
            % {"count": count}
        )
    facts = {**plan.facts, "letters": [letter.pk for letter in letters], "letters_below": count}
    return replace(plan, facts=facts, effects=effects)


def _released(campaign: Campaign) -> QuerySet[Letter]:
    return Letter.objects.filter(
        campaign=campaign, is_outside=False, state=LetterState.RELEASED
    ).select_related("node")


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


def _says(letter: Letter, kind: str, plan: CorrectionPlan) -> bool:
    if kind == CorrectionKind.DATE:
        return letter.deadline in _days_before(plan)
    text = _folded(f"{letter.subject} {_flat(letter.values)}")
    former = map(_folded, _pieces(plan.before))
    return any(len(words) >= _SHORTEST and words in text for words in former)


def _days_before(plan: CorrectionPlan) -> set[date]:
    """Return the days that stood: a letter says "before the day"."""
    return {
        timezone.localdate(datetime.fromisoformat(before))
        for _depth, before, _after in plan.facts["levels"]
    }


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
