"""What the pages around public figures show."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.public_figures.access import published
from quetsach_portal.public_figures.models import PublicFigures, State

MOST_CAMPAIGNS = 100


def history_of(campaign: Campaign) -> QuerySet[PublicFigures]:
    """Return what was prepared and published of a campaign, the newest first."""
    rows = PublicFigures.objects.filter(campaign=campaign)
    return rows.select_related("prepared_by", "published_by", "withdrawn_by").order_by("-pk")


def prepared_of(campaign: Campaign) -> PublicFigures | None:
    """Return what waits to be published."""
    rows = PublicFigures.objects.filter(campaign=campaign, state=State.PREPARED)
    return rows.select_related("campaign", "prepared_by").first()


def newest_of_each() -> Sequence[PublicFigures]:
    """Return the newest figures of each campaign that shows some."""
    found: dict[int, PublicFigures] = {}
    for one in published().defer("kept")[: 10 * MOST_CAMPAIGNS]:
        found.setdefault(one.campaign_id, one)
    return list(found.values())[:MOST_CAMPAIGNS]


def page_of(figures: PublicFigures) -> dict[str, Any]:
    """Return what the open page shows, and the preview of it."""
    language = "en" if get_language() == "en" else "vi"
    lines = [(one[language], one["total"]) for one in figures.content["report"]]
    return {"figures": figures, "content": figures.content, "report": lines}


def as_json(figures: PublicFigures) -> dict[str, Any]:
    """Return what everybody sees, for programs; what is hidden is null."""
    return {
        **figures.content,
        "text": figures.text,
        "published_at": None if figures.published_at is None else figures.published_at.isoformat(),
        "sha256": figures.sha256,
    }
