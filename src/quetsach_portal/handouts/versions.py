"""Editions: a new one when what a material says or how it looks has changed, and only then."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from quetsach.api.handouts import can_print, handout_pdf, printed_alike
from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.handouts.composing import Edition, handout_of, text_of
from quetsach_portal.handouts.giver import Giver
from quetsach_portal.handouts.kinds import LANGUAGES, TEXTS, Kind
from quetsach_portal.handouts.models import HandoutEdition
from quetsach_public.pages.materials.listing import Earlier, Material

_NO_EDITION = Edition(0, date(2000, 1, 1))


def can_make(kind: Kind, language: str) -> bool:
    """Tell whether this house can make it: a PDF needs a typeface for its language."""
    return kind in TEXTS or can_print(language)


def content_of(kind: Kind, language: str, giver: Giver, edition: Edition) -> bytes:
    """Return the file. Errors: QuetsachError E405, E409, E425."""
    if kind in TEXTS:
        return text_of(kind, language, giver).encode()
    return handout_pdf(handout_of(kind, language, giver, edition))


def ending(kind: Kind) -> str:
    """Return how the name of its file ends."""
    return "txt" if kind in TEXTS else "pdf"


def keep(campaign: Campaign, kind: Kind, language: str, giver: Giver) -> HandoutEdition:
    """Return the newest edition, made now where the last one says or looks something else."""
    source = _source(kind, language, giver)
    last = _last(campaign, kind, language)
    if last is not None and last.source == source:
        return last
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        last = _last(campaign, kind, language)
        if last is not None and last.source == source:
            return last
        edition = Edition(1 if last is None else last.number + 1, timezone.localdate())
        content = content_of(kind, language, giver, edition)
        return HandoutEdition.objects.create(
            campaign=campaign,
            kind=kind,
            language=language,
            number=edition.number,
            day=edition.day,
            source=source,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            content=content,
        )


def keep_all(campaign: Campaign, giver: Giver) -> list[HandoutEdition]:
    """Return the newest edition of everything that this house can make."""
    wanted = [(kind, language) for language in LANGUAGES for kind in Kind]
    return [
        keep(campaign, kind, language, giver)
        for kind, language in wanted
        if can_make(kind, language)
    ]


def for_site(campaign: Campaign) -> list[Material]:
    """Return the newest editions with those before them, as the public page lists them."""
    rows = HandoutEdition.objects.filter(campaign=campaign).defer("content")
    newest = [
        (versions[0], versions[1:])
        for versions in _by_place(rows.order_by("kind", "language", "-number").iterator())
        if can_make(Kind(versions[0].kind), versions[0].language)
    ]
    contents = dict(
        HandoutEdition.objects.filter(pk__in=[row.pk for row, _older in newest]).values_list(
            "pk", "content"
        )
    )
    return [
        Material(
            kind=row.kind,
            language=row.language,
            number=row.number,
            day=row.day,
            data=bytes(contents[row.pk]),
            ending=ending(Kind(row.kind)),
            earlier=tuple(Earlier(one.number, one.day, one.sha256) for one in older),
        )
        for row, older in newest
    ]


def _by_place(rows: Iterator[HandoutEdition]) -> Iterator[list[HandoutEdition]]:
    for _place, versions in groupby(rows, key=lambda row: (row.kind, row.language)):
        yield list(versions)


def _last(campaign: Campaign, kind: Kind, language: str) -> HandoutEdition | None:
    rows = HandoutEdition.objects.filter(campaign=campaign, kind=kind, language=language)
    return rows.defer("content").order_by("-number").first()


def _source(kind: Kind, language: str, giver: Giver) -> str:
    if kind in TEXTS:
        said = text_of(kind, language, giver).encode()
    else:
        values = asdict(handout_of(kind, language, giver, _NO_EDITION))
        said = json.dumps(values, default=str, sort_keys=True).encode() + printed_alike(language)
    return hashlib.sha256(said).hexdigest()
