"""Editions of handouts: a new one only when the text or the layout has changed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.handouts import can_print, handout_pdf, printed_alike
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.participation.actions import make_codes
from quetsach_portal.participation.handouts import giver as handouts_giver
from quetsach_portal.participation.handouts.composing import Edition, handout_of, text_of
from quetsach_portal.participation.handouts.giver import TEXTS, HandoutIssuer, HandoutKind
from quetsach_portal.participation.models import HandoutEdition, HandoutPull, JoinKind
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused
from quetsach_public.pages.campaign import LANGUAGES
from quetsach_public.pages.materials.wording import EarlierEdition, MaterialFile

_NO_EDITION = Edition(0, date(2000, 1, 1))


def can_make(kind: HandoutKind, language: str) -> bool:
    """Tell whether this house can make it: a PDF needs a typeface for its language."""
    return kind in TEXTS or can_print(language)


def content_of(kind: HandoutKind, language: str, giver: HandoutIssuer, edition: Edition) -> bytes:
    """Return the file. Errors: QuetsachError E405, E409, E425."""
    if kind in TEXTS:
        return text_of(kind, language, giver).encode()
    return handout_pdf(handout_of(kind, language, giver, edition))


def ending(kind: HandoutKind) -> str:
    """Return how the name of its file ends."""
    return "txt" if kind in TEXTS else "pdf"


def refresh_edition(
    campaign: Campaign, kind: HandoutKind, language: str, giver: HandoutIssuer
) -> HandoutEdition:
    """Return the newest edition; a new one is created if text or layout has changed."""
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


def refresh_editions(campaign: Campaign, giver: HandoutIssuer) -> list[HandoutEdition]:
    """Return the newest edition of everything that this house can make."""
    kinds_and_languages = [(kind, language) for language in LANGUAGES for kind in HandoutKind]
    return [
        refresh_edition(campaign, kind, language, giver)
        for kind, language in kinds_and_languages
        if can_make(kind, language)
    ]


def for_site(campaign: Campaign) -> list[MaterialFile]:
    """Return the newest editions with those before them, as the public page lists them."""
    rows = HandoutEdition.objects.filter(campaign=campaign).defer("content")
    newest = [
        (versions[0], versions[1:])
        for versions in _by_place(rows.order_by("kind", "language", "-number").iterator())
        if can_make(HandoutKind(versions[0].kind), versions[0].language)
    ]
    contents = dict(
        HandoutEdition.objects.filter(pk__in=[row.pk for row, _older in newest]).values_list(
            "pk", "content"
        )
    )
    return [
        MaterialFile(
            kind=row.kind,
            language=row.language,
            number=row.number,
            day=row.day,
            data=bytes(contents[row.pk]),
            ending=ending(HandoutKind(row.kind)),
            earlier=tuple(EarlierEdition(one.number, one.day, one.sha256) for one in older),
        )
        for row, older in newest
    ]


def _by_place(rows: Iterator[HandoutEdition]) -> Iterator[list[HandoutEdition]]:
    for _place, versions in groupby(rows, key=lambda row: (row.kind, row.language)):
        yield list(versions)


def _last(campaign: Campaign, kind: HandoutKind, language: str) -> HandoutEdition | None:
    rows = HandoutEdition.objects.filter(campaign=campaign, kind=kind, language=language)
    return rows.defer("content").order_by("-number").first()


def _source(kind: HandoutKind, language: str, giver: HandoutIssuer) -> str:
    if kind in TEXTS:
        content = text_of(kind, language, giver).encode()
    else:
        values = asdict(handout_of(kind, language, giver, _NO_EDITION))
        content = json.dumps(values, default=str, sort_keys=True).encode() + printed_alike(language)
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class PulledMaterial:
    """A material with a unit's name and code, ready to be sent."""

    name: str
    content: bytes
    content_type: str


def pull(
    node: CampaignNode, kind: HandoutKind, language: str, *, audience: JoinKind, actor: User
) -> PulledMaterial:
    """Return the material for `node` and count it; missing codes of the unit are created.

    The person is not recorded: only a counter changes, as on the public page. Errors: Refused when
    the campaign does not run, or no typeface has the language.
    """
    if node.campaign.state not in (CampaignState.LIVE, CampaignState.CLOSING):
        raise Refused(_("The campaign is not running, so its materials are not handed out."))
    if not can_make(kind, language):
        raise Refused(
            _(
                "This server cannot print Khmer: it has no Khmer font (Debian: fonts-noto-core). "
                "The texts for loudspeakers and chat groups are available."
            ),
            field="language",
        )
    with transaction.atomic():
        codes = {one.kind: one for one in make_codes(node, actor=actor)}
        edition = refresh_edition(
            node.campaign, kind, language, handouts_giver.general_giver(node.campaign)
        )
        _count(node, kind, language, timezone.localdate(), here=1)
    giver = handouts_giver.unit_giver(node, codes[audience])
    content = content_of(kind, language, giver, Edition(edition.number, edition.day))
    is_text = kind in TEXTS
    return PulledMaterial(
        f"{kind}-{language}-b{edition.number}.{ending(kind)}",
        content,
        "text/plain; charset=utf-8" if is_text else "application/pdf",
    )


def count_public(node: CampaignNode, of: str, day: date, count: int) -> bool:
    """Count pulls from the public page for `node`; False for what is no material of ours.

    Shapes: `of` is kind and language as the plane writes them, "poster-a4-vi". What came faster
    than people come the caller has taken off; it holds the transaction.
    """
    kind, _dash, language = of.rpartition("-")
    kinds = {one.value for one in HandoutKind}
    if kind not in kinds or language not in LANGUAGES or count < 1:
        return False
    _count(node, HandoutKind(kind), language, day, public=count)
    return True


def _count(
    node: CampaignNode,
    kind: HandoutKind,
    language: str,
    day: date,
    *,
    here: int = 0,
    public: int = 0,
) -> None:
    place: dict[str, Any] = {"node": node, "kind": kind, "language": language, "day": day}
    row, _is_new = HandoutPull.objects.get_or_create(**place)
    HandoutPull.objects.filter(pk=row.pk).update(here=F("here") + here, public=F("public") + public)
