"""What the pages around the public page show."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.publishing.models import PublicPage, WriterRun


@dataclass(frozen=True)
class Part:
    """A part of the folder: what it is called, and how its writer ended last."""

    what: Any
    run: WriterRun | None


def page_of(campaign: Campaign) -> PublicPage | None:
    """Return the public page of a campaign, None while it has none."""
    return PublicPage.objects.filter(campaign=campaign).select_related("changed_by").first()


def said_before(campaign: Campaign) -> dict[str, Any]:
    """Return what the form begins with: the page as it is, else what the campaign says."""
    page = page_of(campaign)
    if page is None:
        office = campaign.lead_unit.name
        return {"title": campaign.title[:200], "office": office[:200], "days_valid": 7}
    names = ("title", "office", "phone", "address", "documents", "days_valid")
    return {**{name: getattr(page, name) for name in names}, "domains": "\n".join(page.domains)}


def parts() -> Sequence[Part]:
    """Return the parts of the folder in the order in which they are written."""
    runs = WriterRun.objects.in_bulk(list(settings.PUBLIC_WRITERS))
    return [Part(_called(writer), runs.get(writer)) for writer in settings.PUBLIC_WRITERS]


def _called(writer: str) -> Any:
    module = writer.rpartition(".")[0]
    return getattr(import_module(module), "WHAT", module.rpartition(".")[2])
