"""Acts: make a material with a unit's own code, and count pulls."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import CampaignNode, CampaignState
from quetsach_portal.handouts import public_page, versions
from quetsach_portal.handouts.composing import Edition
from quetsach_portal.handouts.kinds import LANGUAGES, TEXTS, Kind
from quetsach_portal.handouts.models import HandoutPull
from quetsach_portal.participation.actions import make_codes
from quetsach_portal.participation.models import JoinKind
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused


@dataclass(frozen=True)
class Pulled:
    """A material with a unit's name and code, ready to be sent."""

    name: str
    content: bytes
    content_type: str


def pull(
    node: CampaignNode, kind: Kind, language: str, *, audience: JoinKind, actor: User
) -> Pulled:
    """Return the material for `node` and count it; the unit's codes are made where it has none.

    No trail of who pulls: a counter moves, as on the public page.
    Errors: Refused when the campaign does not run, or no typeface has the language.
    """
    if node.campaign.state not in (CampaignState.LIVE, CampaignState.CLOSING):
        raise Refused(_("The campaign is not running, so its materials are not handed out."))
    if not versions.can_make(kind, language):
        raise Refused(
            _(
                "This house cannot print Khmer: its machine lacks a Khmer typeface "
                "(Debian: fonts-noto-core). The texts for the loudspeaker and for chat groups "
                "can be had."
            ),
            field="language",
        )
    with transaction.atomic():
        codes = {one.kind: one for one in make_codes(node, actor=actor)}
        row = versions.keep(node.campaign, kind, language, public_page.general_giver(node.campaign))
        _count(node, kind, language, timezone.localdate(), here=1)
    giver = public_page.unit_giver(node, codes[audience])
    content = versions.content_of(kind, language, giver, Edition(row.number, row.day))
    is_text = kind in TEXTS
    return Pulled(
        f"{kind}-{language}-b{row.number}.{versions.ending(kind)}",
        content,
        "text/plain; charset=utf-8" if is_text else "application/pdf",
    )


def count_public(node: CampaignNode, of: str, day: date, count: int) -> bool:
    """Count pulls from the public page for `node`; False for what is no material of ours.

    Shapes: `of` is kind and language as the plane writes them, "poster-a4-vi". What came faster
    than people come the caller has taken off; it holds the transaction.
    """
    kind, _dash, language = of.rpartition("-")
    known = {one.value for one in Kind}
    if kind not in known or language not in LANGUAGES or count < 1:
        return False
    _count(node, Kind(kind), language, day, public=count)
    return True


def _count(
    node: CampaignNode, kind: Kind, language: str, day: date, *, here: int = 0, public: int = 0
) -> None:
    place: dict[str, Any] = {"node": node, "kind": kind, "language": language, "day": day}
    row, _is_new = HandoutPull.objects.get_or_create(**place)
    HandoutPull.objects.filter(pk=row.pk).update(here=F("here") + here, public=F("public") + public)
