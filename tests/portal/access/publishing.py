"""Who may open the pages of the app `publishing`."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.campaigns.models import Campaign, CampaignState
from quetsach_portal.publishing import actions
from quetsach_portal.publishing.models import PublicPage
from quetsach_portal.rights.models import Role
from tests.portal.access.row import ALL, Row
from tests.portal.world import World, make_campaign

LOOKS = "LO LA AU"
SAID = {
    "title": "Chiến dịch",
    "office": "Phòng Văn hóa",
    "phone": "",
    "address": "https://quetsach.example",
    "domains": ["quetsach.example"],
    "documents": "",
    "days_valid": 7,
}
FORM = {**SAID, "domains": "quetsach.example"}


def _campaign(world: World, code: str) -> Mapping[str, Any]:
    held = Campaign.objects.filter(lead_unit=world.units[code]).first()
    return {"campaign_id": (held or make_campaign(world, lead=code)).pk}


def _page(world: World, code: str) -> Mapping[str, Any]:
    made = _campaign(world, code)
    campaign = Campaign.objects.get(pk=made["campaign_id"])
    actor = world.user("KH" if code != "KH" else "TC02", Role.AUDITOR)
    actions.save_page(campaign, SAID, actor=actor)
    return made


def _shown(world: World, code: str) -> Mapping[str, Any]:
    made = _page(world, code)
    PublicPage.objects.update(is_shown=False)
    Campaign.objects.filter(pk=made["campaign_id"]).update(state=CampaignState.LIVE)
    campaign = Campaign.objects.get(pk=made["campaign_id"])
    actions.show(campaign, actor=world.user("KH" if code != "KH" else "TC02", Role.AUDITOR))
    return made


ROWS = (
    Row("publishing:index", make=_campaign, get=LOOKS, seen=ALL),
    Row("publishing:page", make=_campaign, get="LO", post="LO", seen=ALL, data=FORM),
    Row("publishing:show", make=_page, get=None, post="LO", seen=ALL),
    Row("publishing:hide", make=_shown, get=None, post="LO", seen=ALL),
    Row("publishing:write", make=_shown, get=None, post="LO LA", seen=ALL),
)
