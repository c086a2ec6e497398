"""Who may open the pages of the app `public_figures`."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.figures import actions
from quetsach_portal.publishing.models import PublicFigures
from tests.portal.access.row import ALL, Row
from tests.portal.world import World, make_campaign

LOOKS = "LO LA AU"


def _campaign(world: World, code: str) -> Mapping[str, Any]:
    held = Campaign.objects.filter(lead_unit=world.units[code]).first()
    return {"campaign_id": (held or make_campaign(world, lead=code)).pk}


def _prepared(world: World, code: str) -> Mapping[str, Any]:
    campaign = Campaign.objects.get(pk=_campaign(world, code)["campaign_id"])
    actor = world.user("KH" if code != "KH" else "TC02", Role.AUDITOR)
    return {"figures_id": actions.prepare(campaign, text="", actor=actor).pk}


def _published(world: World, code: str) -> Mapping[str, Any]:
    made = _prepared(world, code)
    figures = PublicFigures.objects.get(pk=made["figures_id"])
    actions.publish(figures, sha256=figures.sha256, actor=figures.prepared_by)
    return made


def _open(world: World, code: str) -> Mapping[str, Any]:
    made = _published(world, code)
    return {"campaign_id": PublicFigures.objects.get(pk=made["figures_id"]).campaign_id}


def _digest(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"sha256": PublicFigures.objects.get(pk=arguments["figures_id"]).sha256}


ROWS = (
    Row("public_figures:index", make=_campaign, get=LOOKS, seen=ALL),
    Row(
        "public_figures:prepare",
        make=_campaign,
        get="LO LA",
        post="LO LA",
        seen=ALL,
        data={"text": "Kết quả"},
    ),
    Row("public_figures:publish", make=_prepared, get=None, post="LO", seen=ALL, data=_digest),
    Row(
        "public_figures:withdraw",
        make=_published,
        get="LO",
        post="LO",
        seen=ALL,
        data={"reason": "nhầm"},
    ),
    Row("public:all", get=ALL, public=True, without_seat=200),
    Row("public:campaign", make=_open, personal=True, get=ALL, public=True, without_seat=200),
    Row("public:json", make=_open, personal=True, get=ALL, public=True, without_seat=200),
)
