"""The issuer of a handout, and the target of its QR code."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.public_page import page_campaign, public_folder, shown_page
from quetsach_portal.participation.models import JoinCode
from quetsach_public import codes
from quetsach_public.pages.campaign import PageCampaign, prefix
from quetsach_public.pages.materials.wording import site_of, words
from quetsach_public.pages.tools import ListedTool, read_tools


@dataclass(frozen=True)
class HandoutIssuer:
    """A unit with its code, or the campaign as a whole where `code` is "".

    Shapes: `code` is used in addresses, `short` is read and typed. `link`, if given, replaces the
    address of the public page: it is the portal's own page of the code where there is no public
    page; `typed` is then the address to type.
    """

    campaign: PageCampaign
    tools: tuple[ListedTool, ...]
    unit: str
    code: str = ""
    link: str = ""
    short: str = ""
    typed: str = ""

    def leads_to(self, language: str) -> str:
        """Return the address behind the QR code."""
        if self.link:
            return self.link
        start = f"{self.campaign.address}{prefix(language)}"
        return f"{start}/tham-gia?ma={quote(self.code)}" if self.code else f"{start}/"

    def printed_address(self, language: str) -> str:
        """Return the address as people read it from paper and type it."""
        if self.link:
            return (self.typed or self.link).partition("://")[2]
        return site_of(self.campaign, language) + ("/tham-gia" if self.code else "")

    def places(self, language: str) -> Mapping[str, str]:
        """Return the values of the placeholders."""
        return {
            "unit": self.unit,
            "campaign": self.campaign.title,
            "link": self.leads_to(language),
            "domains": ", ".join(self.campaign.domains) or site_of(self.campaign, "vi"),
            "address": site_of(self.campaign, "vi"),
        }

    def help_line(self, language: str) -> str:
        """Return where to ask, "" where no telephone is named."""
        phone = self.campaign.phone
        return str(words(language)["all"]["help"]).format(phone=phone) if phone else ""

    def code_line(self, language: str) -> str:
        """Return the sentence with the code, for people who cannot scan it."""
        code = codes.format_code(self.short) if self.short else ""
        return str(words(language)["all"]["code"]).format(code=code) if code else ""


LANGUAGE_NAMES = {"vi": _lazy("Vietnamese"), "en": _lazy("English"), "km": _lazy("Khmer")}


class HandoutKind(StrEnum):
    """The kinds of handouts."""

    POSTER_A4 = "poster-a4"
    POSTER_A3 = "poster-a3"
    LEAFLET = "leaflet"
    SHEET_WINDOWS = "sheet-windows"
    SHEET_ANDROID = "sheet-android"
    SHEET_IOS = "sheet-ios"
    SHEET_ROUTER = "sheet-router"
    SHEET_MACOS = "sheet-macos"
    SLIDES = "slides"
    LOUDSPEAKER = "loudspeaker"
    CHAT = "chat"


TEXTS = (HandoutKind.LOUDSPEAKER, HandoutKind.CHAT)
"""Handouts in plain text."""

SHEETS = {
    HandoutKind.SHEET_WINDOWS: "windows",
    HandoutKind.SHEET_ANDROID: "android",
    HandoutKind.SHEET_IOS: "ios",
    HandoutKind.SHEET_ROUTER: "router",
    HandoutKind.SHEET_MACOS: "macos",
}
"""Instruction sheets, each for one platform."""


def name_of(kind: str, language: str) -> str:
    """Return the name of the kind."""
    return str(words(language)["kinds"][kind])


PublishedContent = tuple[PageCampaign, tuple[ListedTool, ...]]


def published_content(campaign: Campaign) -> PublishedContent | None:
    """Return the published campaign and its tools, None where it has no public page."""
    page = shown_page()
    if page is None or page.campaign_id != campaign.pk or not page.address:
        return None
    return page_campaign(page), read_tools(public_folder() / "tools.json")


def general_giver(campaign: Campaign) -> HandoutIssuer:
    """Return the issuer for the campaign as a whole."""
    published = published_content(campaign)
    if published is not None:
        return HandoutIssuer(published[0], published[1], published[0].office)
    on_portal = _portal_campaign(campaign)
    return HandoutIssuer(on_portal, (), on_portal.office, link=f"{settings.QUETSACH.public_url}/")


def unit_giver(node: CampaignNode, code: JoinCode) -> HandoutIssuer:
    """Return the issuer for a unit; the QR code contains its `code`."""
    published = published_content(node.campaign)
    if published is not None:
        return HandoutIssuer(
            published[0], published[1], node.name_at_freeze, code=code.code, short=code.short
        )
    here = settings.QUETSACH.public_url
    return HandoutIssuer(
        _portal_campaign(node.campaign),
        (),
        node.name_at_freeze,
        link=here + reverse("join", args=[code.code]),
        typed=here + reverse("join", args=[code.shown]),
    )


def _portal_campaign(campaign: Campaign) -> PageCampaign:
    host = urlsplit(settings.QUETSACH.public_url).hostname or ""
    return PageCampaign(campaign.title, campaign.lead_unit.name, domains=(host,))
